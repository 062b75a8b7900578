// The hot loop of fanout.py, compiled: packets of one stream in, their copies out. Built by build.py, used by
// compiled.py; where no compiler is, fanout.py does the same in Python. Encryption is not here: `protect` is the
// srtp_protect of the library that Python uses too, on the same sessions, so both ways may take turns.
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 // Linux 4.18; older kernels refuse it, and packets leave one by one
#endif

enum { ROOM = 2048, GROWTH = 128 }; // bytes of a datagram; of them for what encryption adds
enum { MOST = 16, PADDING = 8 };    // packets at a time; bytes that may be added to make them equally long

typedef int (*protect_function)(void *session, void *packet, int *size);

typedef struct { // where one receiver's copies go; the same layout as compiled.Route
    void *session;
    uint32_t address_size;
    uint32_t failed; // copies that could not be encrypted or sent; the reader sets it back
    uint8_t address[32];
} route;

typedef struct { // one copy to make; the same layout as compiled.Copy
    route *to;
    uint32_t ssrc, ts_off;
    uint16_t seq_off, picture_off;
    uint8_t tl0_off, rewrites;
} copy;

typedef struct { // the same layout as compiled.Packet
    int32_t size;
    int16_t picture, tl0; // VP8's picture id and TL0PICIDX, -1 if there is none that can be moved
    _Alignas(8) uint8_t bytes[ROOM];
} packet;

const uint32_t fan_out_layout[3] = {sizeof(route), sizeof(copy), sizeof(packet)};

static _Alignas(16) uint8_t out[MOST][ROOM];
static int refused; // the kernel cannot cut one message into several datagrams

static void put16(uint8_t *at, uint16_t value) { at[0] = value >> 8, at[1] = value; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value >> 16), put16(at + 2, value); }
static uint16_t get16(const uint8_t *at) { return at[0] << 8 | at[1]; }
static uint32_t get32(const uint8_t *at) { return (uint32_t)get16(at) << 16 | get16(at + 2); }

// Writes the copy of `in` for `one` to `to`, padded to `size` (RFC 3550, 5.1).
static void make(uint8_t *to, const packet *in, int start, int size, const copy *one) {
    memcpy(to, in->bytes, in->size);
    put16(to + 2, get16(to + 2) + one->seq_off);
    put32(to + 4, get32(to + 4) + one->ts_off);
    put32(to + 8, one->ssrc);
    if (one->rewrites && in->picture >= 0) {
        put16(to + start + 2, 0x8000 | ((in->picture + one->picture_off) & 0x7FFF));
        if (in->tl0 >= 0) to[start + 4] = in->tl0 + one->tl0_off;
    }
    if (size > in->size) {
        memset(to + in->size, 0, size - in->size);
        to[size - 1] = size - in->size;
        to[0] |= 0x20;
    }
}

// Returns how many of `packets` can leave as one message that the kernel cuts into datagrams: all of them `*size`
// long, with a little padding, but the last, which may be shorter.
static int run(const packet *packets, int count, int *size) {
    int least = *size = packets[0].size, length = 1;
    for (; length < count && !refused; length++) {
        int next = packets[length].size;
        if (next > least + PADDING) break;
        if (next < *size - PADDING) return length + 1;
        if (next > *size) *size = next;
        if (next < least) least = next;
    }
    return length;
}

// Sends `count` datagrams to one receiver, `segment` bytes each but the last; returns how many failed.
static int send_all(int socket, route *to, struct iovec *parts, int count, uint16_t segment) {
    union { struct cmsghdr head; char room[CMSG_SPACE(sizeof segment)]; } control = {0};
    struct msghdr message = {.msg_name = to->address, .msg_namelen = to->address_size, .msg_iov = parts};
    if (count > 1) {
        message.msg_iovlen = count, message.msg_control = &control, message.msg_controllen = sizeof control.room;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = IPPROTO_UDP, head->cmsg_type = UDP_SEGMENT, head->cmsg_len = CMSG_LEN(sizeof segment);
        memcpy(CMSG_DATA(head), &segment, sizeof segment);
        if (sendmsg(socket, &message, MSG_DONTWAIT) >= 0) return 0;
        if (errno == EIO || errno == ENOPROTOOPT || errno == EOPNOTSUPP) refused = 1;
        else if (errno != EINVAL && errno != EMSGSIZE) return count;
        message.msg_control = NULL, message.msg_controllen = 0;
    }
    int failed = 0;
    for (message.msg_iovlen = 1; count > 0; count--, message.msg_iov++)
        if (sendmsg(socket, &message, MSG_DONTWAIT) < 0) failed++;
    return failed;
}

// Sends every one of `packets` once per copy, with that copy's numbers added to its own. Their payload begins at
// `start`. Returns how many copies failed, -1 if nothing was done because the packets make no sense.
int fan_out(int socket, protect_function protect, const packet *packets, int packet_count, int start,
            const copy *copies, int count) {
    int runs[MOST], sizes[MOST], failed = 0;
    if (packet_count < 1 || packet_count > MOST || start < 12) return -1;
    for (int i = 0; i < packet_count; i++)
        if (packets[i].size < start + (packets[i].picture >= 0 ? 5 : 0) || packets[i].size > ROOM - GROWTH) return -1;
    for (int i = 0; i < packet_count; i += runs[i]) runs[i] = run(packets + i, packet_count - i, &sizes[i]);
    for (const copy *one = copies; one < copies + count; one++) {
        route *to = one->to;
        int bad = 0;
        for (int first = 0; first < packet_count; first += runs[first]) {
            struct iovec parts[MOST];
            int ready = 0, segment = 0;
            for (int i = first; i < first + runs[first]; i++) {
                int last = i == first + runs[first] - 1, size = last ? packets[i].size : sizes[first];
                make(out[ready], &packets[i], start, size, one);
                if (protect(to->session, out[ready], &size)) { bad++; continue; }
                if (ready == 0) segment = size;
                parts[ready].iov_base = out[ready], parts[ready].iov_len = size, ready++;
            }
            if (ready) bad += send_all(socket, to, parts, ready, segment);
        }
        to->failed += bad, failed += bad;
    }
    return failed;
}
