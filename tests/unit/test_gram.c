/* The Gram matrix against plain dot products, kernels against their formulas,
 * at any number of threads; kernels that can't be. */
#include "kernel_helpers.h"

#include <math.h>

static double plain_dot(const struct matrix *rows, size_t i, size_t j) {
    double sum = 0;
    for (uint64_t a = rows->starts[i]; a < rows->starts[i + 1]; a++)
        for (uint64_t b = rows->starts[j]; b < rows->starts[j + 1]; b++)
            if (rows->indices[a] == rows->indices[b])
                sum += (double)rows->values[a] * (double)rows->values[b];
    return sum;
}

/* ---- the Gram matrix ------------------------------------------------- */

static void dot_products_are_right(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 2, 31, 32, 33, 150};
    for (size_t n = 0; n < ARRAY_LENGTH(counts); n++) {
        struct matrix rows;
        struct gram gram;
        make_rows(&rows, counts[n], 300);
        assert_int_equal(gram_compute(&gram, &rows, NULL, NULL, NULL), 0);
        for (size_t i = 0; i < counts[n]; i++)
            for (size_t j = 0; j < counts[n]; j++)
                assert_true(fabs((double)gram_dot(&gram, i, j) -
                                 plain_dot(&rows, i, j)) < 1e-5);
        gram_clear(&gram);
        matrix_clear(&rows);
    }
}

static void threads_change_nothing(void **state) {
    (void)state;
    const struct kernel kernel = {.kind = KERNEL_RBF, .gamma = 0.5};
    struct thread_pool *pool = thread_pool_new(3);
    struct matrix rows;
    struct gram one, three;
    struct kernel_matrix a, b;
    make_rows(&rows, 333, 2000);
    assert_int_equal(gram_compute(&one, &rows, NULL, NULL, NULL), 0);
    assert_int_equal(gram_compute(&three, &rows, pool, NULL, NULL), 0);
    assert_memory_equal(one.dots, three.dots, gram_bytes(333));
    assert_int_equal(kernel_matrix_fill(&a, &one, &kernel, NULL, NULL), 0);
    assert_int_equal(kernel_matrix_fill(&b, &one, &kernel, pool, NULL), 0);
    for (size_t i = 0; i < 333; i++)
        for (size_t j = 0; j < 333; j++)
            assert_true(kernel_row(&a, i)[2 * j] == kernel_row(&b, i)[2 * j]);
    kernel_matrix_clear(&a);
    kernel_matrix_clear(&b);
    gram_clear(&one);
    gram_clear(&three);
    matrix_clear(&rows);
    thread_pool_free(pool);
}

/* ---- kernels --------------------------------------------------------- */

static void kernels_are_their_formulas(void **state) {
    (void)state;
    struct matrix rows;
    struct gram gram;
    make_rows(&rows, 150, 200);
    assert_int_equal(gram_compute(&gram, &rows, NULL, NULL, NULL), 0);
    for (uint32_t kind = 0; kind < KERNEL_KINDS; kind++) {
        const struct kernel kernel = {kind, 3, 0.75, 0.5};
        struct kernel_matrix matrix;
        assert_int_equal(
            kernel_matrix_fill(&matrix, &gram, &kernel, NULL, NULL), 0);
        for (size_t i = 0; i < 150; i++)
            for (size_t j = 0; j < 150; j++) {
                double dot = plain_dot(&rows, i, j);
                double distance =
                    plain_dot(&rows, i, i) + plain_dot(&rows, j, j) - 2 * dot;
                double expected = kind == KERNEL_LINEAR ? dot
                                  : kind == KERNEL_RBF
                                      ? exp(-0.75 * distance)
                                      : pow(0.75 * dot + 0.5, 3);
                assert_true(fabs(kernel_row(&matrix, i)[2 * j] - expected) <
                            1e-5 * fmax(1, fabs(expected)));
            }
        if (kind == KERNEL_RBF)
            assert_true(kernel_row(&matrix, 149)[2 * 149] == 1);
        kernel_matrix_clear(&matrix);
    }
    gram_clear(&gram);
    matrix_clear(&rows);
}

static void impossible_kernels_are_refused(void **state) {
    (void)state;
    static const struct kernel bad[] = {
        {KERNEL_KINDS, 1, 1, 0},         {KERNEL_RBF, 0, 0, 0},
        {KERNEL_RBF, 0, (double)NAN, 0}, {KERNEL_POLYNOMIAL, 0, 1, 0},
        {KERNEL_POLYNOMIAL, 17, 1, 0},   {KERNEL_POLYNOMIAL, 2, -1, 0},
        {KERNEL_POLYNOMIAL, 2, 1, -1}};
    tenor_error error = {0};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_int_equal(kernel_check(&bad[i], &error), TENOR_ERROR_USAGE);
    assert_int_equal(kernel_check(&(struct kernel){0}, &error), TENOR_OK);
    assert_int_equal(kernel_limit_check(14000, 2000000000, &error), 0);
    assert_int_equal(kernel_limit_check(15000, 2000000000, &error),
                     TENOR_ERROR_USAGE);
    assert_int_equal(kernel_limit_check(SIZE_MAX / 2, UINT64_MAX, &error),
                     TENOR_ERROR_USAGE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dot_products_are_right),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(kernels_are_their_formulas),
        cmocka_unit_test(impossible_kernels_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
