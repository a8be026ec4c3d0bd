#include "experiments/host/run/shares.h"

#include <math.h>

host_shares host_shares_of(const double *seconds, size_t runs, size_t most, double worth) {
  host_shares shares = {.n = runs < most ? runs : most};
  for (size_t i = 0; i < runs; i++)
    shares.all += seconds[i];
  if (worth > 0 && shares.all < worth * (double)shares.n) /* not so where it is not known */
    shares.n = shares.all > worth ? (size_t)(shares.all / worth) : 1;
  for (size_t k = 0; k < shares.n; k++) {
    double share = 0;
    for (size_t i = k; i < runs; i += shares.n)
      share += seconds[i];
    if (isnan(share) || share > shares.longest)
      shares.longest = share;
    if (isnan(share))
      break;
  }
  return shares;
}

double host_shares_limit(double seconds) {
  return ceil((2 * seconds + 600) / 60);
}
