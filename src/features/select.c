/* Which terms a vocabulary keeps where their number is limited: the most
 * frequent ones, or those that depend most on the labels by the chi-squared
 * statistic
 *
 *   chi2(term) = sum over classes of (observed - expected)^2 / expected
 *
 * where observed is the sum of the term's values in the rows of the class, and
 * expected what it would be if the term's whole sum were spread over the
 * classes as the rows are. The values are those of the TF-IDF rows, as in
 * scikit-learn's chi2 behind a TfidfVectorizer, so that a long paragraph does
 * not count for more than a short one. A multi-label task asks for each label
 * whether it holds (two classes) and takes the highest answer; of several tasks
 * the highest counts as well.
 *
 * Source: Yang & Pedersen, "A comparative study on feature selection in text
 * categorization", 1997 (its chi2-max, over labels). */
#include "features/tokens.h"

#include <math.h>
#include <string.h>

/* ---- scores ------------------------------------------------------------------- */
static double single_score(const double *observed, const double *share,
                           size_t labels, double sum) {
    double score = 0;
    for (size_t k = 0; k < labels; k++) {
        double expected = share[k] * sum;
        if (expected > 0)
            score += (observed[k] - expected) * (observed[k] - expected) /
                     expected;
    }
    return score;
}

static double multi_score(const double *observed, const double *share,
                          size_t labels, double sum) {
    double most = 0;
    for (size_t k = 0; k < labels; k++) {
        double both[2] = {observed[k], sum - observed[k]};
        double shares[2] = {share[k], 1 - share[k]};
        most = fmax(most, single_score(both, shares, 2, sum));
    }
    return most;
}

/* What share of the labelled rows has each label. */
static void count_shares(double *share, const struct row_labels *labels,
                         size_t rows) {
    double count = 0;
    memset(share, 0, labels->label_count * sizeof *share);
    for (size_t i = 0; i < rows; i++) {
        if (!labels->labelled[i])
            continue;
        count++;
        for (size_t v = labels->starts[i]; v < labels->starts[i + 1]; v++)
            share[labels->values[v]]++;
    }
    for (size_t k = 0; count > 0 && k < labels->label_count; k++)
        share[k] /= count;
}

static double column_score(const struct matrix *columns, size_t column,
                           const struct row_labels *labels,
                           const double *share, double *observed) {
    double sum = 0;
    memset(observed, 0, labels->label_count * sizeof *observed);
    for (uint64_t e = columns->starts[column]; e < columns->starts[column + 1];
         e++) {
        uint32_t row = columns->indices[e];
        double value = (double)columns->values[e];
        if (!labels->labelled[row])
            continue;
        sum += value;
        for (size_t v = labels->starts[row]; v < labels->starts[row + 1]; v++)
            observed[labels->values[v]] += value;
    }
    return (labels->multi ? multi_score : single_score)(
        observed, share, labels->label_count, sum);
}

tenor_status chi_squared(double *scores, const struct matrix *rows,
                         const struct row_labels *tasks, size_t task_count,
                         tenor_error *error) {
    struct matrix columns;
    tenor_status status = matrix_transpose(&columns, rows, error);
    if (status)
        return status;
    memset(scores, 0, rows->columns * sizeof *scores);
    for (size_t t = 0; !status && t < task_count; t++) {
        const struct row_labels *labels = &tasks[t];
        double *share = memory_new(2 * labels->label_count, sizeof *share);
        if (!share)
            status = error_memory(error);
        else
            count_shares(share, labels, rows->rows);
        for (size_t c = 0; share && c < rows->columns; c++)
            scores[c] = fmax(scores[c],
                             column_score(&columns, c, labels, share,
                                          share + labels->label_count));
        memory_free(share);
    }
    matrix_clear(&columns);
    return status;
}

/* ---- which columns stay ---------------------------------------------------------- */
/* number[column]: COLUMN_NONE, or the column's number among those that stay;
 * ties go to the lower column. The markers that follow stay. */
static bool choose(uint32_t *number, const double *scores, size_t columns,
                   size_t markers, size_t most) {
    struct sort_item *items = memory_new_raw(columns, 2 * sizeof *items);
    if (!items)
        return false;
    for (size_t i = 0; i < columns; i++) {
        uint64_t bits; /* of numbers that are not negative: in their order */
        memcpy(&bits, &scores[i], sizeof bits);
        items[i] = (struct sort_item){~bits, (uint32_t)i};
        number[i] = COLUMN_NONE;
    }
    sort_items(items, items + columns, columns);
    for (size_t i = 0; i < columns && i < most; i++)
        number[items[i].id] = 0;
    memory_free(items);
    uint32_t next = 0;
    for (size_t i = 0; i < columns; i++)
        if (number[i] != COLUMN_NONE)
            number[i] = next++;
    for (size_t i = 0; i < markers; i++)
        number[columns + i] = next++;
    return true;
}

/* ---- the vocabulary without the rest ----------------------------------------------- */
struct pair_list {
    struct sort_item *items; /* [2 * count] key of the pair, number */
    size_t count;
};

struct cut {
    struct vocabulary *vocabulary;
    uint32_t *number;       /* [columns] new column, or COLUMN_NONE */
    uint32_t *ngram_number; /* [numbers] new number, or NGRAM_NONE */
    uint32_t *word_number;  /* [words.count] new number, or STRINGS_NONE */
    struct pair_list pairs[NGRAM_LIMIT - 1];
};

static bool collect(void *context, uint64_t key, uint32_t number) {
    struct pair_list *list = context;
    list->items[list->count++] = (struct sort_item){key, number};
    return true;
}

static bool collect_pairs(struct cut *cut) {
    for (size_t t = 0; t < ARRAY_LENGTH(cut->pairs); t++) {
        const struct ngram_table *table = &cut->vocabulary->ngrams[t];
        struct pair_list *list = &cut->pairs[t];
        list->items = memory_new_raw(table->count, 2 * sizeof *list->items);
        if (!list->items)
            return false;
        ngram_table_visit(table, collect, list);
        sort_items(list->items, list->items + table->count, table->count);
    }
    return true;
}

/* From the longest n-grams down: what a kept one begins with is kept. Marks
 * with 0; numbers come later. */
static void mark_kept(struct cut *cut) {
    const struct vocabulary *v = cut->vocabulary;
    for (uint32_t i = 0; i < v->word_columns; i++)
        cut->ngram_number[i] = cut->number[i];
    for (uint32_t i = 0; i < v->parts; i++)
        cut->ngram_number[v->word_columns + i] = NGRAM_NONE;
    for (uint32_t i = 0; i < v->words.count; i++) {
        uint32_t column = v->column_of_word[i];
        bool kept = column != COLUMN_NONE && cut->number[column] != COLUMN_NONE;
        cut->word_number[i] = kept ? 0 : STRINGS_NONE;
    }
    for (size_t t = ARRAY_LENGTH(cut->pairs); t-- > 0;)
        for (size_t i = 0; i < cut->pairs[t].count; i++) {
            struct sort_item item = cut->pairs[t].items[i];
            uint32_t prefix = (uint32_t)(item.key >> 32);
            if (cut->ngram_number[item.id] == NGRAM_NONE)
                continue;
            cut->word_number[(uint32_t)item.key] = 0;
            if (t == 0)
                cut->word_number[prefix] = 0;
            else if (cut->ngram_number[prefix] == NGRAM_NONE)
                cut->ngram_number[prefix] = v->word_columns; /* a part now */
        }
}

/* Numbers the n-grams that are parts after the columns, in the order of their
 * old numbers. */
static void number_parts(struct cut *cut, uint32_t word_columns) {
    struct vocabulary *v = cut->vocabulary;
    uint32_t next = word_columns;
    for (uint32_t i = 0; i < vocabulary_numbers(v); i++)
        if (cut->ngram_number[i] != NGRAM_NONE &&
            (i >= v->word_columns || cut->number[i] == COLUMN_NONE))
            cut->ngram_number[i] = next++;
    v->parts = next - word_columns;
}

static bool cut_words(struct cut *cut) {
    struct vocabulary *v = cut->vocabulary;
    struct strings words = {0};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < v->words.count; i++) {
        if (cut->word_number[i] == STRINGS_NONE)
            continue;
        uint32_t column = v->column_of_word[i];
        if (!strings_add(&words, &cut->word_number[i],
                         strings_get(&v->words, i))) {
            strings_clear(&words);
            return false;
        }
        v->column_of_word[kept++] =
            column == COLUMN_NONE ? COLUMN_NONE : cut->number[column];
    }
    strings_clear(&v->words);
    v->words = words;
    return true;
}

static bool cut_grams(struct cut *cut, uint32_t word_columns) {
    struct vocabulary *v = cut->vocabulary;
    struct strings grams = {0};
    uint32_t id;
    for (uint32_t i = 0; i < v->grams.count; i++)
        if (cut->number[v->word_columns + i] != COLUMN_NONE &&
            !strings_add(&grams, &id, strings_get(&v->grams, i))) {
            strings_clear(&grams);
            return false;
        }
    strings_clear(&v->grams);
    v->grams = grams;
    v->word_columns = word_columns;
    return true;
}

static bool cut_ngrams(struct cut *cut, size_t t) {
    struct vocabulary *v = cut->vocabulary;
    struct pair_list *list = &cut->pairs[t];
    uint64_t *keys = memory_new_raw(list->count, sizeof *keys);
    uint32_t *numbers = memory_new_raw(list->count, sizeof *numbers);
    size_t kept = 0;
    bool good = keys && numbers;
    for (size_t i = 0; good && i < list->count; i++) {
        struct sort_item item = list->items[i];
        uint32_t prefix = (uint32_t)(item.key >> 32);
        if (cut->ngram_number[item.id] == NGRAM_NONE)
            continue;
        keys[kept] = ngram_key(t == 0 ? cut->word_number[prefix]
                                      : cut->ngram_number[prefix],
                               cut->word_number[(uint32_t)item.key]);
        numbers[kept++] = cut->ngram_number[item.id];
    }
    ngram_table_clear(&v->ngrams[t]);
    good = good && ngram_table_build(&v->ngrams[t], keys, numbers, kept,
                                     vocabulary_prefixes(v, t),
                                     v->words.count);
    memory_free(keys);
    memory_free(numbers);
    return good;
}

/* The rows without the columns, each block scaled to its length again. */
static void cut_rows(struct matrix *rows, const uint32_t *number,
                     uint32_t word_columns, size_t columns,
                     const struct feature_options *options) {
    size_t first_marker = columns - markers_count(options->markers);
    uint64_t at = 0, start = 0;
    for (size_t i = 0; i < rows->rows; i++) {
        uint64_t first = at, end = rows->starts[i + 1];
        double sums[3] = {0, 0, 0}, scales[3] = {1, 1, 1};
        double weights[2] = {options->word_weight, options->char_weight};
        for (uint64_t e = start; e < end; e++) {
            uint32_t column = number[rows->indices[e]];
            double value = (double)rows->values[e];
            if (column == COLUMN_NONE)
                continue;
            rows->indices[at] = column;
            rows->values[at++] = rows->values[e];
            sums[(column >= word_columns) + (column >= first_marker)] +=
                options->norm == NORM_L2 ? value * value : fabs(value);
        }
        for (size_t block = 0; block < 2; block++)
            if (options->norm != NORM_NONE && sums[block] > 0)
                scales[block] =
                    weights[block] / (options->norm == NORM_L2
                                          ? sqrt(sums[block])
                                          : sums[block]);
        for (uint64_t e = first; e < at; e++)
            rows->values[e] =
                (float)((double)rows->values[e] *
                        scales[(rows->indices[e] >= word_columns) +
                               (rows->indices[e] >= first_marker)]);
        start = end;
        rows->starts[i + 1] = at;
    }
    rows->columns = columns;
}

static tenor_status keep_best(struct vocabulary *vocabulary,
                              struct matrix *rows, const double *scores,
                              tenor_error *error) {
    size_t columns = vocabulary->columns;
    uint32_t markers = markers_count(vocabulary->features.markers);
    struct cut cut = {
        .vocabulary = vocabulary,
        .number = memory_new_raw(columns, sizeof *cut.number),
        .ngram_number = memory_new_raw(vocabulary_numbers(vocabulary),
                                       sizeof *cut.ngram_number),
        .word_number =
            memory_new_raw(vocabulary->words.count, sizeof *cut.word_number)};
    bool good = cut.number && cut.ngram_number && cut.word_number &&
                choose(cut.number, scores, columns - markers, markers,
                       vocabulary->features.max_terms) &&
                collect_pairs(&cut);
    uint32_t word_columns = 0;
    if (good) {
        for (uint32_t i = 0; i < vocabulary->word_columns; i++)
            word_columns += cut.number[i] != COLUMN_NONE;
        mark_kept(&cut);
        number_parts(&cut, word_columns);
    }
    good = good && cut_words(&cut) && cut_grams(&cut, word_columns);
    for (size_t t = 0; good && t < ARRAY_LENGTH(cut.pairs); t++)
        good = cut_ngrams(&cut, t);
    for (size_t i = 0; good && i < columns; i++)
        if (cut.number[i] != COLUMN_NONE) {
            vocabulary->df[cut.number[i]] = vocabulary->df[i];
            vocabulary->idf[cut.number[i]] = vocabulary->idf[i];
        }
    if (good) {
        vocabulary->columns = word_columns + vocabulary->grams.count + markers;
        if (rows)
            cut_rows(rows, cut.number, word_columns, vocabulary->columns,
                     &vocabulary->features);
    }
    memory_free(cut.number);
    memory_free(cut.ngram_number);
    memory_free(cut.word_number);
    for (size_t t = 0; t < ARRAY_LENGTH(cut.pairs); t++)
        memory_free(cut.pairs[t].items);
    return good ? TENOR_OK : error_memory(error);
}

tenor_status vocabulary_select(struct vocabulary *vocabulary,
                               struct matrix *rows,
                               const struct row_labels *tasks,
                               size_t task_count, tenor_error *error) {
    if (vocabulary->features.max_terms == 0 ||
        vocabulary->columns - markers_count(vocabulary->features.markers) <=
            vocabulary->features.max_terms)
        return TENOR_OK;
    double *scores = memory_new(vocabulary->columns, sizeof *scores);
    if (!scores)
        return error_memory(error);
    tenor_status status = TENOR_OK;
    if (vocabulary->features.selection == SELECT_CHI2)
        status = chi_squared(scores, rows, tasks, task_count, error);
    else
        for (size_t i = 0; i < vocabulary->columns; i++)
            scores[i] = vocabulary->df[i];
    if (!status)
        status = keep_best(vocabulary, rows, scores, error);
    memory_free(scores);
    return status;
}
