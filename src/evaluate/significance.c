/* McNemar's test: are two classifiers' errors on the same rows equally
 * frequent? Only the rows where exactly one of them is right tell; under the
 * null hypothesis each goes either way with probability 1/2 (McNemar 1947; the
 * exact form after Fagerland et al., BMC Medical Research Methodology 2013):
 *     p = min(1, 2 * sum_{i=0..k} C(n, i) / 2^n),  k = min(b, c), n = b + c
 * The largest term is found through logarithms, the smaller ones from it by
 * C(n, i-1) = C(n, i) * i / (n-i+1). */
#include "evaluate/evaluate.h"

#include <math.h>

double mcnemar_p_value(size_t only_first_right, size_t only_second_right) {
    double b = (double)only_first_right, c = (double)only_second_right;
    double n = b + c, k = fmin(b, c);
    if (b == c)
        return 1.0;
    double term =
        exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2.0));
    double sum = term;
    for (double i = k; i > 0 && term > sum * 1e-17; i--) {
        term *= i / (n - i + 1);
        sum += term;
    }
    return fmin(1.0, 2.0 * sum);
}
