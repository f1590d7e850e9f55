# src/config: what an admin wrote.
noinst_LIBRARIES += libconfig.a
libconfig_a_SOURCES = \
	src/config/config.c \
	src/config/folder_check.c \
	src/config/secrets.c \
	src/config/section.c \
	src/config/server_check.c \
	src/config/setting_types.c \
	src/config/settings.c \
	src/config/settings.h \
	src/config/token_command.c \
	src/config/token_command.h \
	src/config/yaml.c \
	src/config/yaml_input.c \
	src/config/yaml_internal.h \
	src/config/yaml_node.c \
	src/config/yaml_quirks.c \
	src/config/yaml_quote.c \
	include/postdesk/config.h \
	include/postdesk/secrets.h \
	include/postdesk/yaml.h
libconfig_a_CFLAGS = $(AM_CFLAGS) $(FYAML_CFLAGS)
PD_CONFIG = libconfig.a $(FYAML_LIBS) $(GLIB_LIBS)
dist_man_MANS += man/postdesk.yaml.5
config_schemadir = $(pkgdatadir)/schemas
dist_config_schema_DATA = schemas/postdesk.schema.json
