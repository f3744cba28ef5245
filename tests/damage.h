/* Damaging model files: flipped bytes whose checksums are put right again, so
 * that what stands behind the checksums is put to the test. */
#ifndef TENOR_TESTS_DAMAGE_H
#define TENOR_TESTS_DAMAGE_H

#include "model/file.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Makes the checksums of the file right, as far as its table can be read. */
static inline void damage_seal(char *bytes, size_t size) {
    struct model_header header;
    struct model_section table[SECTION_LIMIT];
    if (size < sizeof header)
        return;
    memcpy(&header, bytes, sizeof header);
    size_t table_size = header.section_count * sizeof *table;
    if (!model_section_count_fits(header.section_count) ||
        size < sizeof header + table_size)
        return;
    memcpy(table, bytes + sizeof header, table_size);
    for (size_t i = 0; i < header.section_count; i++)
        if (table[i].offset <= size && table[i].size <= size - table[i].offset)
            table[i].checksum =
                XXH3_64bits(bytes + table[i].offset, table[i].size);
    header.checksum = XXH3_64bits(table, table_size);
    memcpy(bytes, &header, sizeof header);
    memcpy(bytes + sizeof header, table, table_size);
}

/* Loads the file and, if that goes well, uses all of it: any outcome but a
 * crash is fine. Returns whether it could be loaded. */
static inline bool damage_survives(const char *bytes, size_t size,
                                   const char *text, size_t text_size) {
    tenor_error error = {0};
    tenor_model *model;
    tenor_classifier *classifier;
    tenor_result result;
    volatile size_t used = 0; /* what is read is read for a purpose */
    if (tenor_model_load_memory(&model, "damaged", bytes, size, &error))
        return false;
    if (tenor_classifier_new(&classifier, model, &error) == TENOR_OK) {
        if (tenor_classify(classifier, &result, text, text_size, &error) == 0)
            for (size_t t = 0; t < tenor_model_tasks(model); t++) {
                tenor_reason reasons[8];
                size_t count, labels = tenor_model_labels(model, t);
                for (size_t k = 0; k < labels && k < 4; k++) {
                    used += strlen(tenor_model_label(model, t, k));
                    tenor_explain(classifier, reasons, 8, &count, t, k, &error);
                    used += count;
                }
                used += strlen(tenor_model_task(model, t));
            }
        tenor_classifier_free(classifier);
    }
    (void)used;
    tenor_model_free(model);
    return true;
}

#endif
