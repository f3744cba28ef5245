/* Private to model: what classifying and explaining share. */
#ifndef TENOR_SRC_MODEL_CLASSIFIER_H
#define TENOR_SRC_MODEL_CLASSIFIER_H

#include "model/model.h"

struct term_share {
    uint32_t column;
    float share; /* of the label's score */
};

struct tenor_classifier {
    const struct tenor_model *model;
    struct vectorizer *vectorizer;
    struct buffer repaired; /* text that was not UTF-8 */
    struct row row;         /* of the text last classified */
    float *scores, *probability; /* [stride] */
    unsigned char *holds;        /* [stride] */
    float *levels;               /* [stride], or NULL: no doubt asked for */
    unsigned char *possible;     /* [stride], likewise */
    unsigned char *unsure;       /* [tasks], likewise */
    float *dots, *values, square; /* [support vectors], see support.c */
    float *changes;               /* [stride], likewise */
    struct term_share *shares;   /* [share_capacity], for explaining */
    size_t share_capacity;
    struct buffer terms; /* spellings of the reasons given last */
};

/* ---- support.c: models whose kernel is not linear ---------------------- */
/* Their scratch; false: no memory. */
bool support_fit_classifier(struct tenor_classifier *classifier);
/* scores[stride] of a row. */
void support_score(struct tenor_classifier *classifier, const struct row *row,
                   float *scores);
/* changes[labels]: by how much a term of the row scored last, one that the row
 * has at this value, raises the scores over those of the row without it. */
void support_leave_out(struct tenor_classifier *classifier, uint32_t column,
                       float value);

/* Fills `possible` and `unsure` from the probabilities. */
void classifier_doubt(struct tenor_classifier *classifier);

#endif
