// Receives what thousands of subscribers would, for the media benchmark: counts packets and gaps per stream from the
// RTP header, which is not encrypted. Python would be the bottleneck. Built and loaded by media_sink.py.
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#define MAX_STREAMS 65536
#define BATCH 64

typedef struct { uint32_t ssrc; uint16_t highest; int known; } stream;
static stream streams[MAX_STREAMS];
static uint64_t packets, octets, expected, received;
static int poll_fd = -1;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int sink_open(void) { return poll_fd = epoll_create1(0); }

int sink_add(int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
}

void sink_reset(void) { packets = octets = expected = received = 0; }

static void count(int fd, const uint8_t *p, int size) {
    if (size < 12 || p[0] < 128 || p[0] > 191 || (p[1] >= 192 && p[1] <= 223)) return;
    uint16_t seq = p[2] << 8 | p[3];
    uint32_t ssrc = (uint32_t)p[8] << 24 | p[9] << 16 | p[10] << 8 | p[11];
    uint32_t at = (ssrc * 2654435761u ^ (uint32_t)fd * 40503u) % MAX_STREAMS;
    while (streams[at].known && streams[at].ssrc != ssrc) at = (at + 1) % MAX_STREAMS;
    stream *s = &streams[at];
    packets++;
    octets += size;
    received++;
    if (!s->known) {
        s->known = 1, s->ssrc = ssrc, s->highest = seq, expected++;
    } else {
        int16_t step = seq - s->highest;
        if (step > 0) expected += step, s->highest = seq;
    }
}

void sink_run(double seconds) {
    static uint8_t buffers[BATCH][2048];
    struct mmsghdr messages[BATCH];
    struct iovec vectors[BATCH];
    struct epoll_event events[256];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < BATCH; i++) {
        vectors[i] = (struct iovec){buffers[i], 2048};
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    for (double end = now() + seconds; now() < end;) {
        // Asks every 2 ms instead of waiting, because waking us would be charged to the server that sends.
        int ready = epoll_wait(poll_fd, events, 256, 0);
        if (ready == 0) nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        for (int i = 0; i < ready; i++) {
            int got = recvmmsg(events[i].data.fd, messages, BATCH, MSG_DONTWAIT, 0);
            for (int k = 0; k < got; k++) count(events[i].data.fd, buffers[k], messages[k].msg_len);
        }
    }
}

void sink_stats(double *out) { out[0] = packets, out[1] = octets, out[2] = expected, out[3] = received; }
