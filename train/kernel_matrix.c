/* The values of a kernel in the layout that libsvm reads.
 *
 * libsvm takes a precomputed kernel as rows of nodes {int index; double value}
 * and reads K(i, j) as x[i][(int)x[j][0].value].value: a row's first node says
 * where the others keep what they have to do with it. So one matrix serves
 * every subset of rows, and a fold is a choice of pointers; nothing is copied.
 *
 * Of a node's 16 bytes this kernel's code never reads the index. Two rows
 * therefore share their nodes: the second begins 8 bytes after the first, its
 * values where the first's indices would be. In doubles, of a pair of rows:
 *
 *     -  serial  serial'  K(0)  K'(0)  K(1)  K'(1)  K(2)  K'(2) ...
 *     ^x[i]
 *        ^x[i + 1]
 *
 * That is 8 bytes a value, half of what libsvm asks for, and a look at the
 * serials, which its inner loop takes at every step, finds two of them in a
 * line of the cache. Pairs stand an odd number of lines apart, or the serials
 * would crowd the same few sets of the cache. */
#include "kernels.h"

#include <string.h>

enum { LINE = 8 /* doubles */, TILE = 64 };

uint64_t kernel_bytes(size_t rows) {
    return gram_bytes(rows) +
           (uint64_t)rows * ((uint64_t)rows + 2 * LINE) * sizeof(double);
}

tenor_status kernel_limit_check(size_t rows, uint64_t limit,
                                tenor_error *error) {
    if (rows <= UINT16_MAX * (size_t)16 && kernel_bytes(rows) <= limit)
        return TENOR_OK;
    return error_set(error, TENOR_ERROR_USAGE,
                     "a kernel SVM on %zu rows takes %.2g GB, above the limit "
                     "of %.2g GB; use the linear kernel, fewer rows or "
                     "--memory",
                     rows, 10e-9 * (double)rows * (double)rows,
                     1e-9 * (double)limit);
}

void kernel_matrix_clear(struct kernel_matrix *matrix) {
    memory_free(matrix->values);
    *matrix = (struct kernel_matrix){0};
}

struct fill_work {
    const struct kernel_matrix *matrix;
    const struct gram *gram;
    const struct kernel *kernel;
    const float *squares; /* [rows] */
};

/* Rows of a tile against the columns of a tile on or below the diagonal, each
 * value computed once and stored twice. */
static void fill_tile(const struct fill_work *work, size_t first_row,
                      size_t first_column) {
    const struct kernel_matrix *matrix = work->matrix;
    size_t rows = matrix->rows;
    size_t end = rows - first_row < TILE ? rows : first_row + TILE;
    for (size_t i = first_row; i < end; i++) {
        float values[TILE];
        size_t count = i - first_column < TILE ? i - first_column + 1 : TILE;
        memcpy(values, work->gram->dots + i * (i + 1) / 2 + first_column,
               count * sizeof *values);
        kernel_apply(work->kernel, values, work->squares + first_column, count,
                     work->squares[i]);
        double *row = (double *)(uintptr_t)kernel_row(matrix, i);
        for (size_t k = 0; k < count; k++) {
            size_t j = first_column + k;
            double *column = (double *)(uintptr_t)kernel_row(matrix, j);
            row[2 * j] = column[2 * i] = (double)values[k];
        }
    }
}

static void fill_rows(void *context, size_t item, size_t worker) {
    (void)worker;
    const struct fill_work *work = context;
    size_t tiles = (work->matrix->rows + TILE - 1) / TILE;
    size_t tile = tiles - 1 - item; /* the longest first */
    for (size_t column = 0; column <= tile; column++)
        fill_tile(work, tile * TILE, column * TILE);
}

tenor_status kernel_matrix_fill(struct kernel_matrix *out,
                                const struct gram *gram,
                                const struct kernel *kernel,
                                struct thread_pool *pool, tenor_error *error) {
    size_t rows = gram->rows, pairs = (rows + 1) / 2;
    size_t lines = (2 * rows + 3 + LINE - 1) / LINE;
    *out = (struct kernel_matrix){.rows = rows, .stride = (lines | 1) * LINE};
    tenor_status status = kernel_check(kernel, error);
    if (status)
        return status;
    float *squares = memory_new(rows, sizeof *squares);
    out->values = memory_new_table(pairs, out->stride * sizeof *out->values);
    if (!squares || !out->values) {
        memory_free(squares);
        kernel_matrix_clear(out);
        return error_memory(error);
    }
    for (size_t i = 0; i < rows; i++) {
        squares[i] = gram_dot(gram, i, i);
        double *row = (double *)(uintptr_t)kernel_row(out, i);
        row[-2] = (double)(i + 1); /* the serial: K(i, j) is node j + 1 */
    }
    struct fill_work work = {out, gram, kernel, squares};
    thread_pool_run(pool, (rows + TILE - 1) / TILE, fill_rows, &work);
    memory_free(squares);
    return TENOR_OK;
}
