/* Sparse matrix times dense block, k right-hand sides at once: one pass over
 * the matrix serves all of them, and the k numbers of a term lie side by side.
 *
 * X w goes by rows and X^T u by columns, so that every number of the result
 * is summed by one thread in one order. */
#include "products.h"

#include <string.h>

enum { BLOCK_ENTRIES = 1 << 16, BLOCK_COLUMNS = 1 << 12 };

tenor_status products_init(struct products *out, const struct matrix *rows,
                           tenor_error *error) {
    *out = (struct products){.rows = rows};
    tenor_status status = matrix_transpose(&out->columns, rows, error);
    if (status)
        return status;
    const uint64_t *starts = out->columns.starts;
    size_t capacity = 0, count = 0, first = 0;
    for (size_t j = 0; j <= rows->columns; j++) {
        bool full = j == rows->columns || j - first >= BLOCK_COLUMNS ||
                    starts[j] - starts[first] >= BLOCK_ENTRIES;
        if (!full && j > 0)
            continue;
        if (!memory_reserve(&out->column_blocks, &capacity, count + 1,
                            sizeof *out->column_blocks)) {
            products_clear(out);
            return error_memory(error);
        }
        out->column_blocks[count++] = first = j;
    }
    out->column_block_count = count - 1;
    return TENOR_OK;
}

void products_clear(struct products *products) {
    matrix_clear(&products->columns);
    memory_free(products->column_blocks);
    *products = (struct products){0};
}

static double dot_one(const struct matrix *matrix, uint64_t start,
                      uint64_t end, const double *w) {
    double sum = 0;
    for (uint64_t i = start; i < end; i++)
        sum += (double)matrix->values[i] * w[matrix->indices[i]];
    return sum;
}

/* sums[k] += the entries from start to end times the rows of w they name. */
static void add_products(const struct matrix *matrix, uint64_t start,
                         uint64_t end, size_t k, const double *restrict w,
                         double *restrict sums) {
    for (uint64_t i = start; i < end; i++) {
        double value = (double)matrix->values[i];
        const double *restrict from = w + (size_t)matrix->indices[i] * k;
        for (size_t j = 0; j < k; j++)
            sums[j] += value * from[j];
    }
}

static void add_squares(const struct matrix *matrix, uint64_t start,
                        uint64_t end, size_t k, const double *restrict h,
                        double *restrict sums) {
    for (uint64_t i = start; i < end; i++) {
        double value = (double)matrix->values[i];
        const double *restrict from = h + (size_t)matrix->indices[i] * k;
        for (size_t j = 0; j < k; j++)
            sums[j] += value * value * from[j];
    }
}

void rows_product(const struct products *products, size_t block, size_t k,
                  const double *w, double *out) {
    const struct matrix *matrix = products->rows;
    size_t first = block * ROW_BLOCK, end = first + ROW_BLOCK;
    if (end > matrix->rows)
        end = matrix->rows;
    const double *bias = w + matrix->columns * k;
    for (size_t i = first; i < end; i++) {
        uint64_t start = matrix->starts[i], stop = matrix->starts[i + 1];
        if (k == 1) {
            out[i] = *bias + dot_one(matrix, start, stop, w);
            continue;
        }
        memcpy(out + i * k, bias, k * sizeof *out);
        add_products(matrix, start, stop, k, w, out + i * k);
    }
}

void columns_product(const struct products *products, size_t block, size_t k,
                     const double *u, double *out, const double *h,
                     double *squares) {
    const struct matrix *matrix = &products->columns;
    for (size_t j = products->column_blocks[block];
         j < products->column_blocks[block + 1]; j++) {
        uint64_t start = matrix->starts[j], stop = matrix->starts[j + 1];
        if (k == 1) {
            out[j] = dot_one(matrix, start, stop, u);
        } else {
            memset(out + j * k, 0, k * sizeof *out);
            add_products(matrix, start, stop, k, u, out + j * k);
        }
        if (!squares)
            continue;
        memset(squares + j * k, 0, k * sizeof *squares);
        add_squares(matrix, start, stop, k, h, squares + j * k);
    }
}
