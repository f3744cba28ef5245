/* Private to train: products of the sparse matrix with dense blocks. */
#ifndef TENOR_PRODUCTS_H
#define TENOR_PRODUCTS_H

#include "solvers.h"

/* The matrix by rows and by columns, cut in blocks of work that depend on
 * nothing but the matrix, so that sums come out the same at any number of
 * threads. */
struct products {
    const struct matrix *rows;
    struct matrix columns; /* the transpose */
    size_t *column_blocks; /* [column_block_count + 1] first column of each */
    size_t column_block_count;
};
tenor_status products_init(struct products *out, const struct matrix *rows,
                           tenor_error *error);
void products_clear(struct products *products);

/* out[rows in block][k] = X w + bias; w[columns + 1][k], the last row of w
 * the bias. */
void rows_product(const struct products *products, size_t block, size_t k,
                  const double *w, double *out);
/* out[columns in block][k] = X^T u, u[rows][k]; where squares is not NULL,
 * squares[columns in block][k] = (X * X)^T h as well, h[rows][k]. */
void columns_product(const struct products *products, size_t block, size_t k,
                     const double *u, double *out, const double *h,
                     double *squares);

#endif
