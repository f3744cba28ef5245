/* Rows for the tests of solvers. Include after train.h, cmocka.h and jansson.h.
 */
#ifndef TENOR_SOLVER_HELPERS_H
#define TENOR_SOLVER_HELPERS_H

static inline double uniform(uint64_t *state) {
    return (double)(random_next(state) >> 11) / 9007199254740992.0;
}

/* A matrix of the golden file's rows. */
static inline void load_rows(struct matrix *out, const json_t *golden) {
    const json_t *rows = json_object_get(golden, "rows");
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

/* rows x columns, some entries a row; rows and columns make several blocks. */
static inline void make_rows(struct matrix *out, size_t rows, size_t columns,
                             size_t entries) {
    uint64_t chance = 7;
    assert_int_equal(matrix_new(out, rows, columns, rows * entries, NULL), 0);
    for (size_t i = 0; i < rows; i++) {
        uint32_t column = 0;
        for (size_t e = 0; e < entries; e++) {
            column +=
                1 + (uint32_t)(random_next(&chance) % (columns / entries - 1));
            out->indices[i * entries + e] = column - 1;
            out->values[i * entries + e] = (float)uniform(&chance);
        }
        out->starts[i + 1] = (i + 1) * entries;
    }
}

/* A progress step that asks to stop. */
static inline bool stop_at_once(void *context, const char *stage, double done,
                                double total) {
    (void)context;
    (void)stage;
    (void)done;
    (void)total;
    return false;
}

#endif
