#include <stdio.h>

int main(void)
{
    fputs("postdesk: the command line is still to come\n", stderr);
    return 70;
}
