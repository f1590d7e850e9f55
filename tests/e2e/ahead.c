/* ahead.c: a clock that tests set forward.
 *
 * Loaded before GLib (LD_PRELOAD), it takes the place of the one function by which the program asks
 * for the time (src/base/clock.c): the machine's time and $POSTDESK_AHEAD seconds. So the program
 * under test is the one that is released; see Desk.go_ahead in desk.py.
 */
#include <stdlib.h>
#include <time.h>

#define MICROSECONDS 1000000LL

long long g_get_real_time(void);

long long g_get_real_time(void)
{
    const char *ahead = getenv("POSTDESK_AHEAD");
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (now.tv_sec + (ahead != NULL ? atoll(ahead) : 0)) * MICROSECONDS + now.tv_nsec / 1000;
}
