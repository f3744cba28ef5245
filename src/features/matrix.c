/* The sparse matrix: rows of (column, value), compressed (CSR). */
#include "features/features.h"

#include <string.h>

tenor_status matrix_new(struct matrix *out, size_t rows, size_t columns,
                        uint64_t entries, tenor_error *error) {
    *out = (struct matrix){.rows = rows, .columns = columns};
    out->starts = memory_new(rows + 1, sizeof *out->starts);
    out->indices = memory_new_table(entries, sizeof *out->indices);
    out->values = memory_new_table(entries, sizeof *out->values);
    if (out->starts && out->indices && out->values)
        return TENOR_OK;
    matrix_clear(out);
    return error_memory(error);
}

void matrix_clear(struct matrix *matrix) {
    memory_free(matrix->starts);
    memory_free(matrix->indices);
    memory_free(matrix->values);
    *matrix = (struct matrix){0};
}

tenor_status matrix_transpose(struct matrix *out, const struct matrix *matrix,
                              tenor_error *error) {
    tenor_status status = matrix_new(out, matrix->columns, matrix->rows,
                                     matrix->starts[matrix->rows], error);
    if (status)
        return status;
    /* count into starts[column + 1], sum up, then place; placing moves
     * starts[column] to the column's end, so shift back at the close */
    for (uint64_t i = 0; i < matrix->starts[matrix->rows]; i++)
        out->starts[matrix->indices[i] + 1]++;
    for (size_t column = 0; column < out->rows; column++)
        out->starts[column + 1] += out->starts[column];
    for (size_t row = 0; row < matrix->rows; row++)
        for (uint64_t i = matrix->starts[row]; i < matrix->starts[row + 1];
             i++) {
            uint64_t at = out->starts[matrix->indices[i]]++;
            out->indices[at] = (uint32_t)row;
            out->values[at] = matrix->values[i];
        }
    memmove(out->starts + 1, out->starts, out->rows * sizeof *out->starts);
    out->starts[0] = 0;
    return TENOR_OK;
}
