#include <cairo-pdf.h>
#include <cairo.h>
#include <hb-ot.h>
#include <hb-subset.h>
#include <pango/pangocairo.h>
