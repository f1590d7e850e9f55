# templates: the mails that ship, one folder for each language.
pdtemplateszhcndir = $(pkgdatadir)/templates/zh_CN
dist_pdtemplateszhcn_DATA = \
	templates/zh_CN/_card.html \
	templates/zh_CN/_actions.html \
	templates/zh_CN/_actions.txt \
	templates/zh_CN/_said.html \
	templates/zh_CN/_said.txt \
	templates/zh_CN/answered.html \
	templates/zh_CN/answered.txt \
	templates/zh_CN/asked.html \
	templates/zh_CN/asked.txt \
	templates/zh_CN/assigned.html \
	templates/zh_CN/attached.html \
	templates/zh_CN/attached.txt \
	templates/zh_CN/assigned.txt \
	templates/zh_CN/digest.html \
	templates/zh_CN/digest.txt \
	templates/zh_CN/help.html \
	templates/zh_CN/help.txt \
	templates/zh_CN/refused.html \
	templates/zh_CN/refused.txt \
	templates/zh_CN/reply.html \
	templates/zh_CN/reply.txt \
	templates/zh_CN/standing.html \
	templates/zh_CN/standing.txt \
	templates/zh_CN/_foot.html \
	templates/zh_CN/_foot_begin.html \
	templates/zh_CN/_foot_end.html \
	templates/zh_CN/_foot.txt \
	templates/zh_CN/_head.html \
	templates/zh_CN/_received.html \
	templates/zh_CN/_received.txt \
	templates/zh_CN/_ticket.html \
	templates/zh_CN/_ticket.txt \
	templates/zh_CN/acknowledge.html \
	templates/zh_CN/acknowledge.txt \
	templates/zh_CN/alarm.html \
	templates/zh_CN/alarm.txt \
	templates/zh_CN/closed.html \
	templates/zh_CN/closed.txt \
	templates/zh_CN/escalation.html \
	templates/zh_CN/escalation.txt \
	templates/zh_CN/handover.html \
	templates/zh_CN/handover.txt \
	templates/zh_CN/oversize.html \
	templates/zh_CN/oversize.txt \
	templates/zh_CN/reminder.html \
	templates/zh_CN/reminder.txt \
	templates/zh_CN/reopened.html \
	templates/zh_CN/reopened.txt \
	templates/zh_CN/resolved.html \
	templates/zh_CN/resolved.txt \
	templates/zh_CN/status.html \
	templates/zh_CN/status.txt \
	templates/zh_CN/undone.html \
	templates/zh_CN/undone.txt \
	templates/zh_CN/taken.html \
	templates/zh_CN/taken.txt \
	templates/zh_CN/unknown.html \
	templates/zh_CN/unknown.txt \
	templates/zh_CN/words.yaml
pdtemplatesendir = $(pkgdatadir)/templates/en
dist_pdtemplatesen_DATA = \
	templates/en/_card.html \
	templates/en/_actions.html \
	templates/en/_actions.txt \
	templates/en/_said.html \
	templates/en/_said.txt \
	templates/en/answered.html \
	templates/en/answered.txt \
	templates/en/asked.html \
	templates/en/asked.txt \
	templates/en/assigned.html \
	templates/en/attached.html \
	templates/en/attached.txt \
	templates/en/assigned.txt \
	templates/en/digest.html \
	templates/en/digest.txt \
	templates/en/help.html \
	templates/en/help.txt \
	templates/en/refused.html \
	templates/en/refused.txt \
	templates/en/reply.html \
	templates/en/reply.txt \
	templates/en/standing.html \
	templates/en/standing.txt \
	templates/en/_foot.html \
	templates/en/_foot_begin.html \
	templates/en/_foot_end.html \
	templates/en/_foot.txt \
	templates/en/_head.html \
	templates/en/_received.html \
	templates/en/_received.txt \
	templates/en/_ticket.html \
	templates/en/_ticket.txt \
	templates/en/acknowledge.html \
	templates/en/acknowledge.txt \
	templates/en/alarm.html \
	templates/en/alarm.txt \
	templates/en/closed.html \
	templates/en/closed.txt \
	templates/en/escalation.html \
	templates/en/escalation.txt \
	templates/en/handover.html \
	templates/en/handover.txt \
	templates/en/oversize.html \
	templates/en/oversize.txt \
	templates/en/reminder.html \
	templates/en/reminder.txt \
	templates/en/reopened.html \
	templates/en/reopened.txt \
	templates/en/resolved.html \
	templates/en/resolved.txt \
	templates/en/status.html \
	templates/en/status.txt \
	templates/en/undone.html \
	templates/en/undone.txt \
	templates/en/taken.html \
	templates/en/taken.txt \
	templates/en/unknown.html \
	templates/en/unknown.txt \
	templates/en/words.yaml
pdformszhcndir = $(pkgdatadir)/templates/zh_CN/forms
dist_pdformszhcn_DATA = \
	templates/zh_CN/forms/_style.html \
	templates/zh_CN/forms/fault.html \
	templates/zh_CN/forms/problem.html
pdformsendir = $(pkgdatadir)/templates/en/forms
dist_pdformsen_DATA = \
	templates/en/forms/_style.html \
	templates/en/forms/fault.html \
	templates/en/forms/problem.html
