// The hot loop of fanout.py, compiled: one packet in, its copies out. Built by build.py, used by compiled.py; where no
// compiler is, fanout.py does the same in Python. Encryption is not here: `protect` is the srtp_protect of the library
// that Python uses too, on the same sessions, so both ways may take turns on one connection.
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

enum { ROOM = 2048, GROWTH = 200 }; // bytes of a datagram; of them for what encryption adds

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

const uint32_t fan_out_layout[2] = {sizeof(route), sizeof(copy)};

static void put16(uint8_t *at, uint16_t value) { at[0] = value >> 8, at[1] = value; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value >> 16), put16(at + 2, value); }

// Sends `packet` once per copy, with that copy's numbers added to its own. The VP8 payload begins at `start`;
// `picture` is its picture id, or -1 if it has none that can be moved; `tl0` likewise. Returns how many copies failed.
int fan_out(int socket, protect_function protect, const uint8_t *packet, int size, int start, int picture, int tl0,
            const copy *copies, int count) {
    _Alignas(16) uint8_t out[ROOM];
    if (size < 12 || size > ROOM - GROWTH || (picture >= 0 && (start < 12 || start + 5 > size))) return -1;
    uint16_t seq = packet[2] << 8 | packet[3];
    uint32_t ts = (uint32_t)packet[4] << 24 | packet[5] << 16 | packet[6] << 8 | packet[7];
    int failed = 0;
    for (const copy *one = copies; one < copies + count; one++) {
        int length = size;
        memcpy(out, packet, size);
        put16(out + 2, seq + one->seq_off);
        put32(out + 4, ts + one->ts_off);
        put32(out + 8, one->ssrc);
        if (one->rewrites && picture >= 0) {
            put16(out + start + 2, 0x8000 | ((picture + one->picture_off) & 0x7FFF));
            if (tl0 >= 0) out[start + 4] = tl0 + one->tl0_off;
        }
        route *to = one->to;
        if (protect(to->session, out, &length) ||
            sendto(socket, out, length, MSG_DONTWAIT, (struct sockaddr *)to->address, to->address_size) < 0)
            to->failed++, failed++;
    }
    return failed;
}
