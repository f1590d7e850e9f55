/* mail_dump: what the mail floor sees in each file, one line of JSON each.
 * usage: mail_dump [--html] [--own ADDRESS] [--id AUTHSERV] FILE... ("-": names from standard
 * input) */
#include "postdesk/mail.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int dump(const char *path, const PdMailOptions *options)
{
    g_autoptr(PdMail) mail = NULL;
    struct stat facts;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &facts) != 0) {
        fprintf(stderr, "%s: cannot be opened\n", path);
        return 1;
    }
    g_autoptr(PdStatus) status = pd_mail_read(fd, 0, (gsize)facts.st_size, options, &mail);
    close(fd);
    if (status != NULL) {
        fprintf(stderr, "%s: %s\n", path, pd_status_text(status));
        return 1;
    }
    g_autoptr(PdJson) json = pd_mail_to_json(mail);
    pd_json_set_text(json, "file", path);
    g_autofree char *line = pd_json_compact(json);
    puts(line);
    return 0;
}

int main(int argc, char **argv)
{
    const char *own[2] = {NULL, NULL}, *ids[2] = {NULL, NULL};
    PdMailOptions options = {.own_addresses = own, .authserv_ids = ids};
    char line[4096];
    int failed = 0;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--html") == 0) {
            options.with_html = TRUE;
        } else if (strcmp(argv[i], "--own") == 0 && i + 1 < argc) {
            own[0] = argv[++i];
        } else if (strcmp(argv[i], "--id") == 0 && i + 1 < argc) {
            ids[0] = argv[++i];
        } else if (strcmp(argv[i], "-") == 0) {
            while (fgets(line, sizeof(line), stdin) != NULL) {
                line[strcspn(line, "\n")] = '\0';
                failed |= dump(line, &options);
            }
        } else {
            failed |= dump(argv[i], &options);
        }
    }
    return failed;
}
