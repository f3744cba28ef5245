/* Model files: as they are, and with their checksums put right, which lets the
 * fuzzer past the door. Any outcome but a crash is fine. */
#include "damage.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char text[] =
        "The gas pipeline won\xe2\x80\x99t reopen in 2024";
    char *copy = memory_new_raw(size, 1);
    if (!copy)
        return 0;
    if (size)
        memcpy(copy, data, size);
    damage_survives(copy, size, text, sizeof text - 1);
    damage_seal(copy, size);
    damage_survives(copy, size, text, sizeof text - 1);
    memory_free(copy);
    return 0;
}
