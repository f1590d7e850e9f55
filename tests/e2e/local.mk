# tests against real servers, the scripts that run them, the demonstration
# The program, but that it can be told to kill itself: this killpoint.c stands before the library's.
check_PROGRAMS += tests/e2e/postdesk-kill
tests_e2e_postdesk_kill_SOURCES = src/cli/main.c src/base/killpoint.c
tests_e2e_postdesk_kill_CPPFLAGS = $(AM_CPPFLAGS) -DPD_KILL_POINTS=1
tests_e2e_postdesk_kill_LDADD = $(PD_PROGRAM)
EXTRA_DIST += \
	.ci/run \
	script/bootstrap \
	script/build \
	script/demo \
	script/soak \
	script/test \
	tests/count-checks \
	tests/demo/demo.py \
	tests/demo/messages.py \
	tests/demo/screen.py \
	tests/e2e/access_test.py \
	tests/e2e/ahead.c \
	tests/e2e/noholes.c \
	tests/e2e/nosync.c \
	tests/e2e/backup_test.py \
	tests/e2e/bad_messages_test.py \
	tests/e2e/call_test.py \
	tests/e2e/case.py \
	tests/e2e/collect_test.py \
	tests/e2e/config_test.py \
	tests/e2e/copies_test.py \
	tests/e2e/daemon_test.py \
	tests/e2e/delivery_test.py \
	tests/e2e/desk.py \
	tests/e2e/disk_test.py \
	tests/e2e/doctor_test.py \
	tests/e2e/dozen.py \
	tests/e2e/explain_test.py \
	tests/e2e/faults_test.py \
	tests/e2e/first_mail_test.py \
	tests/e2e/form_test.py \
	tests/e2e/hostile_case.py \
	tests/e2e/hostile_imap_test.py \
	tests/e2e/hostile_smtp_test.py \
	tests/e2e/html_test.py \
	tests/e2e/inject_test.py \
	tests/e2e/kill_test.py \
	tests/e2e/letters.py \
	tests/e2e/golden/life.en.txt \
	tests/e2e/golden/life.zh_CN.txt \
	tests/e2e/learn_test.py \
	tests/e2e/life_test.py \
	tests/e2e/mail_test.py \
	tests/e2e/merge_test.py \
	tests/e2e/pace_test.py \
	tests/e2e/run \
	tests/e2e/replay_test.py \
	tests/e2e/suggest_test.py \
	tests/e2e/roles.py \
	tests/e2e/sharing_test.py \
	tests/e2e/signature_test.py \
	tests/e2e/silence_test.py \
	tests/e2e/soak.py \
	tests/e2e/template_test.py \
	tests/e2e/terminal_test.py \
	tests/e2e/threading_test.py \
	tests/e2e/workers_test.py \
	tests/servers/__init__.py \
	tests/servers/certificates.py \
	tests/servers/daemon.py \
	tests/servers/dovecot.py \
	tests/servers/exim.py \
	tests/servers/hostile.py \
	tests/servers/hostile_imap.py \
	tests/servers/hostile_smtp.py \
	tests/servers/hostile_test.py \
	tests/servers/imap_manners.py \
	tests/servers/packages.py \
	tests/servers/post.py \
	tests/servers/serve \
	tests/servers/servers_test.py
