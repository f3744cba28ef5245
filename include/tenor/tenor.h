/* tenor: labels for paragraphs of news, offline. The whole public API. */
#ifndef TENOR_TENOR_H
#define TENOR_TENOR_H

#include "tenor/error.h"
#include "tenor/model.h"

#define TENOR_VERSION "0.1.0"

#endif
