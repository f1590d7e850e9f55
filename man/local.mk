# man pages: one for the commands, one for each kind of file
dist_man_MANS += man/postdesk.1
