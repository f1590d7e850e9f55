# rules: the rules that ship, with the schemas of their files and the manual page.
pdrulesdir = $(pkgdatadir)/rules
dist_pdrules_DATA = \
	rules/00-categories.yaml \
	rules/10-monitoring.yaml \
	rules/20-urgency.yaml \
	rules/21-impact.yaml \
	rules/30-network.yaml \
	rules/31-system.yaml \
	rules/32-application.yaml \
	rules/33-account.yaml \
	rules/34-hardware.yaml \
	rules/35-mail.yaml \
	rules/36-security.yaml \
	rules/37-data.yaml \
	rules/38-change.yaml \
	rules/39-question.yaml \
	rules/40-words.yaml \
	rules/50-likely.yaml \
	rules/90-tests.yaml \
	rules/matrix.yaml \
	rules/people.yaml \
	rules/roster.yaml \
	rules/targets.yaml
pdcalendarsdir = $(pkgdatadir)/rules/calendars
dist_pdcalendars_DATA = rules/calendars/default.yaml
pdpointsdir = $(pkgdatadir)/rules/points
dist_pdpoints_DATA = rules/points/likely.txt
EXTRA_DIST += script/likely-words tests/rules/mails/likely.jsonl tests/rules/mails/unseen.jsonl
pdschemasdir = $(pkgdatadir)/schemas
dist_pdschemas_DATA = schemas/rules.schema.json schemas/matrix.schema.json \
	schemas/calendar.schema.json schemas/people.schema.json \
	schemas/roster.schema.json schemas/targets.schema.json
dist_man_MANS += man/postdesk-rules.5
