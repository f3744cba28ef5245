/* A test program's golden file: the path GOLDEN, read once. Include after
 * features.h, cmocka.h and jansson.h. */
#ifndef TENOR_GOLDEN_H
#define TENOR_GOLDEN_H

static json_t *golden;

static int load(void **state) {
    (void)state;
    golden = json_load_file(GOLDEN, 0, NULL);
    return golden ? 0 : -1;
}

static int unload(void **state) {
    (void)state;
    json_decref(golden);
    return 0;
}

/* A matrix of the numbers in the member "rows". */
static inline void load_rows(struct matrix *out, const json_t *object) {
    const json_t *rows = json_object_get(object, "rows");
    size_t count = json_array_size(rows), i, j;
    size_t columns = json_array_size(json_array_get(rows, 0));
    const json_t *row, *value;
    assert_int_equal(matrix_new(out, count, columns, count * columns, NULL), 0);
    uint64_t at = 0;
    json_array_foreach(rows, i, row) {
        json_array_foreach(row, j, value) {
            if (json_number_value(value) == 0)
                continue;
            out->indices[at] = (uint32_t)j;
            out->values[at++] = (float)json_number_value(value);
        }
        out->starts[i + 1] = at;
    }
}

#endif
