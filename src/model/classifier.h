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
    struct term_share *shares;   /* [share_capacity], for explaining */
    size_t share_capacity;
    struct buffer terms; /* spellings of the reasons given last */
};

/* Fills `possible` and `unsure` from the probabilities. */
void classifier_doubt(struct tenor_classifier *classifier);

#endif
