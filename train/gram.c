/* The Gram matrix X X^T of sparse rows.
 *
 * A block of BLOCK rows is laid out as a panel: for every column that one of
 * them holds, BLOCK numbers side by side. Each row from the block on then adds
 * up BLOCK dot products at once, column by column of its own, with as many
 * multiplications of vectors as it has terms in the panel. Multiplying by the
 * panel's zeros costs less than stepping round them: a term that is in two of
 * the rows already pays.
 *
 * Columns that are in one row only take part in that row's own square and in
 * nothing else, and most n-grams are such; so the work is done on a copy
 * without them. Columns that many rows have are a dense matrix of their own,
 * whose products are BLAS's; they make up the most part of the entries where
 * there are character n-grams.
 *
 * A number is summed by one thread, over blocks that depend on nothing but the
 * matrix, so its bytes do not depend on the number of threads. */
#include "kernels.h"

#include <cblas.h>
#include <string.h>

enum { BLOCK = 32, STRIP = 256 }; /* a strip: later rows, for BLAS */
static const uint32_t NO_SLOT = UINT32_MAX;
/* BLAS multiplies by zeros: it pays from this share of rows on. */
static const double DENSE_SHARE = 0.1;
enum { MOST_DENSE = 2048 };

/* What one thread needs. */
struct scratch {
    uint32_t *slots; /* [columns] number in the panel, NO_SLOT */
    float *panel;    /* [slot][BLOCK] */
    float *products; /* [STRIP][BLOCK] of the dense part */
};

struct gram_work {
    struct gram *gram;
    const struct matrix *rows; /* columns of one row left out, and those of: */
    float *dense;              /* [rows][dense_columns] */
    size_t dense_columns;
    struct scratch *scratch;   /* [threads] */
    struct shared_progress progress; /* of dot products */
};

uint64_t gram_bytes(size_t rows) {
    return (uint64_t)rows * (rows + 1) / 2 * sizeof(float);
}

void gram_clear(struct gram *gram) {
    memory_free(gram->dots);
    *gram = (struct gram){0};
}

/* ---- the copy -------------------------------------------------------- */
/* Where each column goes: numbers[j] among those kept sparse, or dense[j]
 * among the dense ones, or NO_SLOT. */
struct division {
    uint32_t *numbers, *dense; /* [columns] */
    uint32_t sparse_columns, dense_columns;
    uint64_t sparse_entries;
};

static bool divide(struct division *out, const struct matrix *rows) {
    *out = (struct division){
        .numbers = memory_new(rows->columns, sizeof *out->numbers),
        .dense = memory_new(rows->columns, sizeof *out->dense)};
    if (!out->numbers || !out->dense)
        return false;
    for (uint64_t i = 0; i < rows->starts[rows->rows]; i++)
        out->numbers[rows->indices[i]]++;
    for (size_t j = 0; j < rows->columns; j++) {
        uint32_t count = out->numbers[j];
        bool dense = (double)count >= DENSE_SHARE * (double)rows->rows &&
                     count > 1 && out->dense_columns < MOST_DENSE;
        bool sparse = !dense && count > 1;
        out->dense[j] = dense ? out->dense_columns++ : NO_SLOT;
        out->numbers[j] = sparse ? out->sparse_columns++ : NO_SLOT;
        out->sparse_entries += sparse ? count : 0;
    }
    return true;
}

/* The matrix without the columns that fewer than two rows have, in its sparse
 * and its dense part. */
static tenor_status copy_shared(struct matrix *out, struct gram_work *work,
                                const struct matrix *rows,
                                tenor_error *error) {
    struct division division;
    tenor_status status =
        divide(&division, rows) ? TENOR_OK : error_memory(error);
    if (!status)
        status = matrix_new(out, rows->rows, division.sparse_columns,
                            division.sparse_entries, error);
    work->dense_columns = division.dense_columns;
    if (!status && work->dense_columns) {
        work->dense = memory_new(rows->rows,
                                 work->dense_columns * sizeof *work->dense);
        if (!work->dense)
            status = error_memory(error);
    }
    uint64_t at = 0;
    for (size_t row = 0; !status && row < rows->rows; row++) {
        for (uint64_t i = rows->starts[row]; i < rows->starts[row + 1]; i++) {
            uint32_t sparse = division.numbers[rows->indices[i]];
            uint32_t dense = division.dense[rows->indices[i]];
            if (dense != NO_SLOT) {
                work->dense[row * work->dense_columns + dense] =
                    rows->values[i];
            } else if (sparse != NO_SLOT) {
                out->indices[at] = sparse;
                out->values[at++] = rows->values[i];
            }
        }
        out->starts[row + 1] = at;
    }
    memory_free(division.numbers);
    memory_free(division.dense);
    return status;
}

/* ---- blocks ---------------------------------------------------------- */
static void fill_panel(struct scratch *scratch, const struct matrix *rows,
                       size_t first, size_t count) {
    uint32_t used = 0;
    for (size_t r = 0; r < count; r++)
        for (uint64_t i = rows->starts[first + r];
             i < rows->starts[first + r + 1]; i++) {
            uint32_t *slot = &scratch->slots[rows->indices[i]];
            if (*slot == NO_SLOT) {
                *slot = used++;
                memset(scratch->panel + (size_t)*slot * BLOCK, 0,
                       BLOCK * sizeof *scratch->panel);
            }
            scratch->panel[(size_t)*slot * BLOCK + r] = rows->values[i];
        }
}

static void forget_panel(struct scratch *scratch, const struct matrix *rows,
                         size_t first, size_t count) {
    for (uint64_t i = rows->starts[first]; i < rows->starts[first + count]; i++)
        scratch->slots[rows->indices[i]] = NO_SLOT;
}

/* products[count][BLOCK] = `count` rows from `row` on times the block's `width`
 * rows from `first` on, in their dense columns. */
static void multiply_dense(const struct gram_work *work, float *products,
                           size_t row, size_t count, size_t first,
                           size_t width) {
    size_t k = work->dense_columns;
    if (k == 0) {
        memset(products, 0, count * BLOCK * sizeof *products);
        return;
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)count,
                (int)width, (int)k, 1.0F, work->dense + row * k, (int)k,
                work->dense + first * k, (int)k, 0.0F, products, BLOCK);
}

/* sums[BLOCK] += the panel's rows times one row. */
static void multiply_panel(const struct scratch *scratch,
                           const struct matrix *rows, size_t row,
                           float *restrict out) {
    float sums[BLOCK];
    memcpy(sums, out, sizeof sums);
    for (uint64_t i = rows->starts[row]; i < rows->starts[row + 1]; i++) {
        uint32_t slot = scratch->slots[rows->indices[i]];
        if (slot == NO_SLOT)
            continue;
        const float *restrict with = scratch->panel + (size_t)slot * BLOCK;
        float value = rows->values[i];
        for (size_t r = 0; r < BLOCK; r++)
            sums[r] += value * with[r];
    }
    memcpy(out, sums, sizeof sums);
}

static void compute_block(void *context, size_t block, size_t worker) {
    struct gram_work *work = context;
    if (atomic_load(&work->progress.cancelled))
        return;
    struct scratch *scratch = &work->scratch[worker];
    const struct matrix *rows = work->rows;
    size_t first = block * BLOCK;
    size_t count = rows->rows - first < BLOCK ? rows->rows - first : BLOCK;
    fill_panel(scratch, rows, first, count);
    for (size_t row = first; row < rows->rows; row++) {
        size_t in_strip = (row - first) % STRIP, left = rows->rows - row;
        float *sums = scratch->products + in_strip * BLOCK;
        if (in_strip == 0)
            multiply_dense(work, sums, row, left < STRIP ? left : STRIP, first,
                           count);
        multiply_panel(scratch, rows, row, sums);
        size_t kept = row - first < count ? row - first : count;
        memcpy(work->gram->dots + row * (row + 1) / 2 + first, sums,
               kept * sizeof *sums);
    }
    forget_panel(scratch, rows, first, count);
    shared_progress_step(&work->progress, count * (rows->rows - first) -
                                              count * (count - 1) / 2);
}

/* The diagonal needs all columns. */
static void square_rows(struct gram *gram, const struct matrix *rows) {
    for (size_t row = 0; row < rows->rows; row++) {
        double sum = 0;
        for (uint64_t i = rows->starts[row]; i < rows->starts[row + 1]; i++)
            sum += (double)rows->values[i] * (double)rows->values[i];
        gram->dots[row * (row + 1) / 2 + row] = (float)sum;
    }
}

/* ---- all of it ------------------------------------------------------- */
/* The most entries that a block has: no panel has more slots. */
static uint64_t largest_block(const struct matrix *rows) {
    uint64_t largest = 0;
    for (size_t first = 0; first < rows->rows; first += BLOCK) {
        size_t end = rows->rows - first < BLOCK ? rows->rows : first + BLOCK;
        uint64_t entries = rows->starts[end] - rows->starts[first];
        if (entries > largest)
            largest = entries;
    }
    return largest < rows->columns ? largest : rows->columns;
}

static bool make_scratch(struct scratch *out, const struct matrix *rows) {
    out->slots = memory_new_raw(rows->columns, sizeof *out->slots);
    out->panel =
        memory_new_table(largest_block(rows), BLOCK * sizeof *out->panel);
    out->products = memory_new(STRIP, BLOCK * sizeof *out->products);
    if (!out->slots || !out->panel || !out->products)
        return false;
    memset(out->slots, 0xFF, rows->columns * sizeof *out->slots);
    return true;
}

static tenor_status run_blocks(struct gram_work *work, struct thread_pool *pool,
                               tenor_error *error) {
    size_t threads = thread_pool_threads(pool);
    tenor_status status = TENOR_OK;
    work->scratch = memory_new(threads, sizeof *work->scratch);
    for (size_t i = 0; work->scratch && i < threads && !status; i++)
        if (!make_scratch(&work->scratch[i], work->rows))
            status = error_memory(error);
    if (!work->scratch)
        status = error_memory(error);
    if (!status) {
        thread_pool_run(pool, (work->rows->rows + BLOCK - 1) / BLOCK,
                        compute_block, work);
        if (!shared_progress_end(&work->progress))
            status = error_set(error, TENOR_ERROR_CANCELLED,
                               "stopped before the SVM was complete");
    }
    for (size_t i = 0; work->scratch && i < threads; i++) {
        memory_free(work->scratch[i].slots);
        memory_free(work->scratch[i].panel);
        memory_free(work->scratch[i].products);
    }
    memory_free(work->scratch);
    return status;
}

tenor_status gram_compute(struct gram *out, const struct matrix *rows,
                          struct thread_pool *pool,
                          const struct progress *progress, tenor_error *error) {
    *out = (struct gram){.rows = rows->rows};
    struct matrix shared = {0};
    struct gram_work work = {
        .gram = out,
        .rows = &shared,
        .progress = {.progress = progress,
                     .stage = "dot products",
                     .total = (double)rows->rows * (double)(rows->rows + 1) /
                              2}};
    out->dots = memory_new_table(gram_bytes(rows->rows) / sizeof *out->dots,
                                 sizeof *out->dots);
    tenor_status status =
        out->dots ? copy_shared(&shared, &work, rows, error)
                  : error_memory(error);
    if (!status)
        status = run_blocks(&work, pool, error);
    if (!status)
        square_rows(out, rows);
    matrix_clear(&shared);
    memory_free(work.dense);
    if (status)
        gram_clear(out);
    return status;
}
