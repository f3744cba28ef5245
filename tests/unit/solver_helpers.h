/* Rows for the tests of solvers. Include after train.h, cmocka.h and jansson.h.
 */
#ifndef TENOR_SOLVER_HELPERS_H
#define TENOR_SOLVER_HELPERS_H

static inline double uniform(uint64_t *state) {
    return (double)(random_next(state) >> 11) / 9007199254740992.0;
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
