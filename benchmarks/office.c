/* Two desks in a row, written by hand: what the kernel engine is measured against.
 *
 * A referral arrives, waits a while, is seen at the first desk, and is closed there or goes on to
 * the second. Each desk has a few members of staff and one queue, first come first served. Every
 * random number is a function of its address, as in costsim/sampling.py: Philox 4x64-10 (Salmon,
 * Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3") with the seed and a
 * hash of the purpose as its key, and with block, visit, replication and draw as its counter.
 */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { DESKS = 2 };
enum { WAITED, DONE };  /* kinds of events; DONE + desk */

typedef struct {
    uint64_t seed, arrival, wait, minutes[DESKS], goes_on;  /* addresses of luck */
    double closing, minutes_per_referral;
    double mean_wait, mean_minutes[DESKS], share_that_goes_on;
    int64_t staff[DESKS];
} Model;

typedef struct {
    double arrived, wait, decided;
    double minutes[DESKS], reached[DESKS], began[DESKS], ended[DESKS];
    int64_t goes_on;
} Referral;

/* What the caller must have laid out alike. */
const int64_t model_bytes = sizeof(Model), referral_bytes = sizeof(Referral);

/* --- luck -------------------------------------------------------------------------------------- */

typedef struct {
    uint64_t seed, purpose, replication;
    int64_t block;
    uint64_t words[4];
} Stream;

static Stream stream(uint64_t seed, uint64_t purpose, int64_t replication)
{
    Stream s = {seed, purpose, (uint64_t)replication, -1, {0}};
    return s;
}

static void draw_block(Stream *s, int64_t block)
{
    uint64_t a = (uint64_t)block + 1, b = 0, c = s->replication, d = 0;
    uint64_t first = s->seed, second = s->purpose;
    for (int round = 0; round < 10; round++) {
        __uint128_t left = (__uint128_t)0xD2E7470EE14C6C93u * a;
        __uint128_t right = (__uint128_t)0xCA5A826395121157u * c;
        a = (uint64_t)(right >> 64) ^ b ^ first;
        b = (uint64_t)right;
        c = (uint64_t)(left >> 64) ^ d ^ second;
        d = (uint64_t)left;
        first += 0x9E3779B97F4A7C15u;
        second += 0xBB67AE8584CAA73Bu;
    }
    s->words[0] = a, s->words[1] = b, s->words[2] = c, s->words[3] = d;
    s->block = block;
}

static double uniform(Stream *s, int64_t position)
{
    if (position / 4 != s->block)
        draw_block(s, position / 4);
    return (double)(s->words[position % 4] >> 11) * 0x1p-53;
}

static double exponential(Stream *s, int64_t position, double mean)
{
    double u = uniform(s, position);
    return -mean * log1p(-(u > 0 ? u : 0x1p-54));
}

/* The referrals of one replication, with everything that luck decides; how many there are. */
static int64_t draw_replication(const Model *m, int64_t replication, Referral *found)
{
    Stream arrival = stream(m->seed, m->arrival, replication);
    Stream wait = stream(m->seed, m->wait, replication);
    Stream first = stream(m->seed, m->minutes[0], replication);
    Stream second = stream(m->seed, m->minutes[1], replication);
    Stream goes_on = stream(m->seed, m->goes_on, replication);
    double expected = 0;
    for (int64_t i = 0;; i++) {
        Referral *r = &found[i];
        expected += -log1p(-uniform(&arrival, i));
        r->arrived = expected * m->minutes_per_referral;
        if (r->arrived >= m->closing)
            return i;
        r->wait = exponential(&wait, i, m->mean_wait);
        r->minutes[0] = exponential(&first, i, m->mean_minutes[0]);
        r->goes_on = uniform(&goes_on, i) < m->share_that_goes_on;
        if (r->goes_on)
            r->minutes[1] = exponential(&second, i, m->mean_minutes[1]);
    }
}

/* Draw some replications; `bounds` gets where each one's referrals begin, and where the last end. */
void draw(const Model *m, int64_t replications, Referral *found, int64_t *bounds)
{
    bounds[0] = 0;
    for (int64_t n = 0; n < replications; n++)
        bounds[n + 1] = bounds[n] + draw_replication(m, n, found + bounds[n]);
}

/* --- the clock --------------------------------------------------------------------------------- */

typedef struct {
    double time;
    int64_t order;
    int32_t who, kind;
} Event;

typedef struct {
    Referral *referrals;
    Event *agenda;
    int64_t events, sequence;
    int32_t *queue[DESKS];
    int64_t head[DESKS], tail[DESKS], idle[DESKS];
} Office;

static int is_sooner(const Event *one, const Event *other)
{
    return one->time < other->time || (one->time == other->time && one->order < other->order);
}

static void schedule(Office *o, double time, int32_t who, int32_t kind)
{
    Event event = {time, o->sequence++, who, kind};
    int64_t place = o->events++;
    while (place > 0 && is_sooner(&event, &o->agenda[(place - 1) / 2])) {
        o->agenda[place] = o->agenda[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    o->agenda[place] = event;
}

static Event take_first(Office *o)
{
    Event first = o->agenda[0], last = o->agenda[--o->events];
    int64_t place = 0, below;
    while ((below = 2 * place + 1) < o->events) {
        if (below + 1 < o->events && is_sooner(&o->agenda[below + 1], &o->agenda[below]))
            below++;
        if (is_sooner(&last, &o->agenda[below]))
            break;
        o->agenda[place] = o->agenda[below];
        place = below;
    }
    o->agenda[place] = last;
    return first;
}

static void begin(Office *o, int desk, int32_t who, double now)
{
    Referral *r = &o->referrals[who];
    r->began[desk] = now;
    schedule(o, now + r->minutes[desk], who, DONE + desk);
}

static void join(Office *o, int desk, int32_t who, double now)
{
    if (o->idle[desk] > 0) {
        o->idle[desk]--;
        begin(o, desk, who, now);
    } else {
        o->queue[desk][o->tail[desk]++] = who;
    }
}

static void serve_next(Office *o, int desk, double now)
{
    if (o->head[desk] < o->tail[desk])
        begin(o, desk, o->queue[desk][o->head[desk]++], now);
    else
        o->idle[desk]++;
}

static void happen(Office *o, Event event)
{
    Referral *r = &o->referrals[event.who];
    int desk = event.kind - DONE;
    if (event.kind == WAITED) {
        join(o, 0, event.who, event.time);
        return;
    }
    serve_next(o, desk, event.time);
    r->ended[desk] = event.time;
    if (desk == 0 && r->goes_on) {
        r->reached[1] = event.time;
        join(o, 1, event.who, event.time);
    } else {
        r->decided = event.time;
    }
}

static void run_replication(Office *o, const Model *m, Referral *referrals, int32_t count)
{
    int32_t arrived = 0;
    o->referrals = referrals;
    o->events = o->sequence = 0;
    for (int desk = 0; desk < DESKS; desk++) {
        o->head[desk] = o->tail[desk] = 0;
        o->idle[desk] = m->staff[desk];
    }
    while (arrived < count || o->events > 0) {
        if (arrived < count && (!o->events || referrals[arrived].arrived <= o->agenda[0].time)) {
            Referral *r = &referrals[arrived];
            r->reached[0] = r->arrived;
            schedule(o, r->arrived + r->wait, arrived, WAITED);
            arrived++;
        } else {
            happen(o, take_first(o));
        }
    }
}

/* Let time pass in replications that have been drawn; 0, or 1 if there is no memory. */
int run_clock(const Model *m, int64_t replications, Referral *referrals, const int64_t *bounds)
{
    Office o = {0};
    int64_t largest = 1;
    for (int64_t n = 0; n < replications; n++)
        if (bounds[n + 1] - bounds[n] > largest)
            largest = bounds[n + 1] - bounds[n];
    o.agenda = malloc((size_t)largest * sizeof *o.agenda);  /* a referral has one event to come */
    o.queue[0] = malloc((size_t)largest * sizeof *o.queue[0]);
    o.queue[1] = malloc((size_t)largest * sizeof *o.queue[1]);
    int failed = !o.agenda || !o.queue[0] || !o.queue[1];
    for (int64_t n = 0; !failed && n < replications; n++)
        run_replication(&o, m, referrals + bounds[n], (int32_t)(bounds[n + 1] - bounds[n]));
    free(o.agenda);
    free(o.queue[0]);
    free(o.queue[1]);
    return failed;
}
