/* Which fold each paragraph is held out in.
 *
 * Iterative stratification: label after label, the rarest first, its
 * paragraphs go to the fold that still wants most of that label, so that every
 * fold has its share even of rare labels, in single-label and multi-label
 * tasks alike. Paragraphs of one group (an article, say) stay together. Large
 * groups are placed first, for small ones to make up for; those of one size in
 * random order. To be a target counts as a label too; where there are groups it
 * comes first, since folds are judged by their targets.
 *
 * Source: Sechidis, Tsoumakas & Vlahavas, "On the stratification of
 * multi-label data", ECML PKDD 2011. */
#include "train.h"

#include <stdlib.h>
#include <string.h>

uint64_t random_next(uint64_t *state) { /* splitmix64, S. Vigna */
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

struct unit { /* a group of paragraphs, often of one */
    uint32_t first, count; /* into members */
    uint32_t turn;         /* among units of its size */
};

struct division {
    const struct corpus *corpus;
    size_t folds, label_count;
    uint32_t *members;    /* paragraphs, unit by unit */
    struct unit *units;   /* [unit_count], the largest first, else shuffled */
    size_t unit_count;
    double *wanted;       /* [label_count][folds] */
    double *room;         /* [folds] paragraphs still wanted */
    uint8_t *fold_of_unit;
    bool *placed;
};

/* Calls for each label of a paragraph, numbered over all tasks. */
typedef void label_visitor(struct division *division, size_t label,
                           void *context);
static void visit_labels(struct division *division, size_t row,
                         label_visitor *visit, void *context) {
    size_t first = 0;
    for (size_t t = 0; t < division->corpus->task_count; t++) {
        const struct corpus_task *task = &division->corpus->tasks[t];
        for (size_t k = task->starts[row]; k < task->starts[row + 1]; k++)
            visit(division, first + task->values[k], context);
        first += task->label_count;
    }
    if (division->corpus->targets && division->corpus->targets[row])
        visit(division, first, context);
}

static void count_label(struct division *division, size_t label,
                        void *context) {
    (void)division;
    ((size_t *)context)[label]++;
}

static void take_label(struct division *division, size_t label,
                       void *context) {
    division->wanted[label * division->folds + *(size_t *)context] -= 1;
}

struct search {
    size_t label;
    bool found;
};
static void match_label(struct division *division, size_t label,
                        void *context) {
    (void)division;
    struct search *search = context;
    search->found = search->found || search->label == label;
}

static bool unit_has(struct division *division, const struct unit *unit,
                     size_t label) {
    struct search search = {label, false};
    for (uint32_t i = 0; i < unit->count && !search.found; i++)
        visit_labels(division, division->members[unit->first + i],
                     match_label, &search);
    return search.found;
}

static void place_unit(struct division *division, size_t unit, size_t fold) {
    const struct unit *of = &division->units[unit];
    division->placed[unit] = true;
    division->fold_of_unit[unit] = (uint8_t)fold;
    division->room[fold] -= of->count;
    for (uint32_t i = 0; i < of->count; i++)
        visit_labels(division, division->members[of->first + i], take_label,
                     &fold);
}

/* The fold that wants most of the label, or has most room for SIZE_MAX; among
 * equals the one with most room. */
static size_t choose_fold(const struct division *division, size_t label) {
    size_t best = 0;
    const double *wanted = label == SIZE_MAX
                               ? division->room
                               : division->wanted + label * division->folds;
    for (size_t f = 1; f < division->folds; f++)
        if (wanted[f] > wanted[best] ||
            (wanted[f] == wanted[best] &&
             division->room[f] > division->room[best]))
            best = f;
    return best;
}

static int compare_units(const void *a, const void *b) {
    const struct unit *left = a, *right = b;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return (left->turn > right->turn) - (left->turn < right->turn);
}

static bool make_units(struct division *division, uint64_t seed) {
    const struct corpus *corpus = division->corpus;
    size_t count = corpus->count;
    uint32_t *unit_of = memory_new_raw(count, sizeof *unit_of);
    struct strings names = {0};
    division->members = memory_new_raw(count, sizeof *division->members);
    division->units = memory_new(count, sizeof *division->units);
    bool good = unit_of && division->members && division->units;
    for (size_t i = 0; good && i < count; i++) {
        if (corpus->groups && corpus->groups[i].size) {
            good = strings_add(&names, &unit_of[i], corpus->groups[i]);
        } else {
            uint64_t alone[2] = {UINT64_MAX, i}; /* no text spells this */
            struct slice name = {(const char *)alone, sizeof alone};
            good = strings_add(&names, &unit_of[i], name);
        }
        if (good)
            division->units[unit_of[i]].count++;
    }
    division->unit_count = names.count;
    for (size_t u = 0, first = 0; good && u < names.count; u++) {
        division->units[u].first = (uint32_t)first;
        first += division->units[u].count;
        division->units[u].count = 0;
    }
    for (size_t i = 0; good && i < count; i++) {
        struct unit *unit = &division->units[unit_of[i]];
        division->members[unit->first + unit->count++] = (uint32_t)i;
    }
    for (size_t u = division->unit_count; good && u > 1; u--) {
        size_t other = random_next(&seed) % u;
        struct unit swap = division->units[u - 1];
        division->units[u - 1] = division->units[other];
        division->units[other] = swap;
    }
    for (size_t u = 0; good && u < division->unit_count; u++)
        division->units[u].turn = (uint32_t)u;
    if (good)
        qsort(division->units, division->unit_count, sizeof *division->units,
              compare_units);
    strings_clear(&names);
    memory_free(unit_of);
    return good;
}

/* Label after label, the rarest of those left first. */
static bool divide(struct division *division) {
    size_t folds = division->folds, labels = division->label_count;
    size_t *left = memory_new(labels, sizeof *left);
    bool *done = memory_new(labels, sizeof *done);
    if (!left || !done) {
        memory_free(left);
        memory_free(done);
        return false;
    }
    for (size_t i = 0; i < division->corpus->count; i++)
        visit_labels(division, i, count_label, left);
    for (size_t k = 0; k < labels; k++)
        for (size_t f = 0; f < folds; f++)
            division->wanted[k * folds + f] = (double)left[k] / (double)folds;
    for (size_t f = 0; f < folds; f++)
        division->room[f] =
            (double)division->corpus->count / (double)folds;
    for (size_t round = 0; round < labels; round++) {
        size_t rarest = SIZE_MAX;
        for (size_t k = 0; k < labels; k++)
            if (!done[k] && (rarest == SIZE_MAX || left[k] < left[rarest]))
                rarest = k;
        if (round == 0 && division->corpus->targets &&
            division->unit_count < division->corpus->count)
            rarest = labels - 1; /* the targets */
        done[rarest] = true;
        for (size_t u = 0; u < division->unit_count; u++)
            if (!division->placed[u] &&
                unit_has(division, &division->units[u], rarest))
                place_unit(division, u, choose_fold(division, rarest));
    }
    for (size_t u = 0; u < division->unit_count; u++)
        if (!division->placed[u])
            place_unit(division, u, choose_fold(division, SIZE_MAX));
    memory_free(left);
    memory_free(done);
    return true;
}

tenor_status folds_assign(uint8_t *out, const struct corpus *corpus,
                          size_t folds, uint64_t seed, tenor_error *error) {
    if (folds < 2 || folds > FOLD_LIMIT || folds > corpus->count)
        return error_set(error, TENOR_ERROR_USAGE,
                         "%zu folds of %zu paragraphs are not possible; use 2 "
                         "to %d folds and at least one paragraph a fold",
                         folds, corpus->count, FOLD_LIMIT);
    struct division division = {.corpus = corpus, .folds = folds};
    for (size_t t = 0; t < corpus->task_count; t++)
        division.label_count += corpus->tasks[t].label_count;
    division.label_count += corpus->targets != NULL;
    bool good = make_units(&division, seed);
    if (good && division.unit_count < folds) {
        memory_free(division.members);
        memory_free(division.units);
        return error_set(error, TENOR_ERROR_USAGE,
                         "%zu group%s can't be spread over %zu folds; use "
                         "fewer folds or another group",
                         division.unit_count,
                         division.unit_count == 1 ? "" : "s", folds);
    }
    division.wanted = memory_new(division.label_count * folds, sizeof(double));
    division.room = memory_new(folds, sizeof(double));
    division.placed = memory_new(corpus->count, sizeof(bool));
    division.fold_of_unit = memory_new(corpus->count, 1);
    good = good && division.wanted && division.room && division.placed &&
           division.fold_of_unit && divide(&division);
    for (size_t u = 0; good && u < division.unit_count; u++)
        for (uint32_t i = 0; i < division.units[u].count; i++)
            out[division.members[division.units[u].first + i]] =
                division.fold_of_unit[u];
    memory_free(division.members);
    memory_free(division.units);
    memory_free(division.wanted);
    memory_free(division.room);
    memory_free(division.placed);
    memory_free(division.fold_of_unit);
    return good ? TENOR_OK : error_memory(error);
}
