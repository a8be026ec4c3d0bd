# Everything a person types stands in Makefile.repro; this file only makes plain `make` find it.
include Makefile.repro
