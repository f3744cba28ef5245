/* The model's file: cut short, flipped byte by byte, of another kind or
 * version, damaged behind its checksums. Nothing of it may crash or pass for a
 * sound model. */
#include "damage.h"
#include "kernel_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static char *bytes; /* [size] of a sound model */
static size_t size;
static const char text[] = "The gas pipeline reopened \xe2\x80\x94 don\xe2\x80"
                           "\x99t lose the 2nd team\xff";

static int train(void **state) {
    (void)state;
    struct learn_options options = small_options();
    options.vocabulary.features.min_df = 4;
    options.vocabulary.lists.stop_words = (struct slice){"the\na\n", 6};
    options.vocabulary.lists.variants = (struct slice){"lose\tlost\n", 10};
    tenor_model *model = small_model(&options);
    bytes = small_model_bytes(model, &size);
    tenor_model_free(model);
    return 0;
}

/* The same with a kernel: it has sections of its own. */
static int train_kernel(void **state) {
    (void)state;
    const struct kernel kernel = {.kind = KERNEL_RBF, .gamma = 1};
    struct learn_options options = small_options();
    struct kernel_model made;
    options.vocabulary.features.min_df = 4;
    options.vocabulary.features.char_min = 0;
    options.vocabulary.features.char_max = 0;
    kernel_model_make(&made, &options, &kernel);
    bytes = small_model_bytes(made.model, &size);
    kernel_model_clear(&made);
    return 0;
}

static int forget(void **state) {
    (void)state;
    memory_free(bytes);
    return 0;
}

static void expect(const void *data, size_t length, tenor_status status,
                   const char *words) {
    tenor_error error = {0};
    tenor_model *model;
    assert_int_equal(
        tenor_model_load_memory(&model, "news.tenor", data, length, &error),
        status);
    assert_null(model);
    assert_int_equal(error.status, status);
    assert_string_equal(error.file, "news.tenor");
    if (!strstr(error.message, words))
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
}

static void other_files_are_refused(void **state) {
    (void)state;
    uint64_t aligned[64] = {0};
    expect(aligned, 0, TENOR_ERROR_MODEL, "is not a tenor model");
    memcpy(aligned, MODEL_MAGIC, 5);
    expect(aligned, 5, TENOR_ERROR_MODEL, "is not a tenor model");
    expect(aligned, sizeof aligned, TENOR_ERROR_MODEL, "is not a tenor model");
    char *copy = memory_new_raw(size + 8, 1);
    memcpy(copy, bytes, size);
    copy[5] = '\n'; /* as a text-mode copy does to \r\n */
    expect(copy, size, TENOR_ERROR_MODEL, "is not a tenor model");
    memcpy(copy + 4, bytes, size);
    expect(copy + 4, size, TENOR_ERROR_USAGE, "multiple of 8");
    memory_free(copy);
    tenor_model *model;
    tenor_error error = {0};
    assert_int_equal(tenor_model_load(&model, "/nowhere", &error),
                     TENOR_ERROR_IO);
    assert_int_equal(tenor_model_load(&model, "/tmp", &error), TENOR_ERROR_IO);
    assert_null(model);
}

static void other_versions_are_named(void **state) {
    (void)state;
    struct model_header header;
    memcpy(&header, bytes, sizeof header);
    uint32_t format = header.format + 1;
    memcpy(bytes + offsetof(struct model_header, format), &format, 4);
    char words[64];
    snprintf(words, sizeof words, "has format %u", format);
    expect(bytes, size, TENOR_ERROR_MODEL, words);
    memcpy(bytes, &header, sizeof header);
}

static void models_cut_short_are_refused(void **state) {
    (void)state;
    for (size_t length = 0; length < size; length += length < 256 ? 1 : 64) {
        char *cut = memory_new_raw(length, 1); /* for asan: exactly as long */
        memcpy(cut, bytes, length);
        expect(cut, length, TENOR_ERROR_MODEL, "model");
        memory_free(cut);
    }
    char *longer = memory_new(size + 64, 1);
    memcpy(longer, bytes, size);
    expect(longer, size + 64, TENOR_ERROR_MODEL, "bytes too many");
    memory_free(longer);
}

static void every_flipped_byte_is_found(void **state) {
    (void)state;
    for (size_t i = 0; i < size; i++) {
        char kept = bytes[i];
        bytes[i] = (char)(kept ^ (i % 2 ? 0xFF : 1 << i / 2 % 8));
        expect(bytes, size, TENOR_ERROR_MODEL, "model");
        bytes[i] = kept;
    }
}

/* Wrong numbers under right checksums: no crash, no read out of bounds. */
static void wrong_numbers_lead_nowhere(void **state) {
    (void)state;
    static const uint32_t values[] = {0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FC00000};
    char *sound = memory_new_raw(size, 1);
    memcpy(sound, bytes, size);
    size_t loaded = 0, tried = 0, start = sizeof(struct model_header);
    for (size_t i = start; i + 4 <= size; i += 4)
        for (size_t v = 0; v < ARRAY_LENGTH(values); v++, tried++) {
            memcpy(bytes + i, &values[v], 4);
            damage_seal(bytes, size);
            loaded += damage_survives(bytes, size, text, sizeof text - 1);
            memcpy(bytes, sound, size);
        }
    memory_free(sound);
    assert_true(loaded > 0 && loaded < tried); /* weights may be any number */
}

/* The last section cut short, with all else put right. */
static void short_sections_are_refused(void **state) {
    (void)state;
    struct model_header header;
    struct model_section last;
    memcpy(&header, bytes, sizeof header);
    size_t at = sizeof header + (header.section_count - 1) * sizeof last;
    memcpy(&last, bytes + at, sizeof last);
    if (last.size == 0)
        skip();
    last.size = (last.size - 1) / MODEL_ALIGN * MODEL_ALIGN;
    header.file_size = last.offset + last.size;
    char *cut = memory_new_raw(header.file_size, 1); /* for asan */
    memcpy(cut, bytes, header.file_size);
    memcpy(cut, &header, sizeof header);
    memcpy(cut + at, &last, sizeof last);
    damage_seal(cut, header.file_size);
    expect(cut, header.file_size, TENOR_ERROR_MODEL, "parts do not fit");
    memory_free(cut);
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    for (size_t n = 1;; n++) {
        tenor_model *model;
        memory_fail_at(n);
        tenor_status status =
            tenor_model_load_memory(&model, "model", bytes, size, NULL);
        memory_fail_at(0);
        tenor_model_free(model);
        if (!status)
            break;
        assert_int_equal(status, TENOR_ERROR_MEMORY);
        assert_null(model);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(other_versions_are_named),
        cmocka_unit_test(models_cut_short_are_refused),
        cmocka_unit_test(every_flipped_byte_is_found),
        cmocka_unit_test(short_sections_are_refused),
        cmocka_unit_test(wrong_numbers_lead_nowhere),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("linear", tests, train, forget) +
           cmocka_run_group_tests_name("kernel", tests, train_kernel, forget);
}
