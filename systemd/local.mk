# systemd unit
systemdsystemunit_DATA = systemd/postdesk.service
EXTRA_DIST += systemd/postdesk.service.in
CLEANFILES += systemd/postdesk.service
systemd/postdesk.service: systemd/postdesk.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && sed -e 's|@bindir[@]|$(bindir)|g' \
		-e 's|@sysconfdir[@]|$(sysconfdir)|g' $(srcdir)/systemd/postdesk.service.in > $@
