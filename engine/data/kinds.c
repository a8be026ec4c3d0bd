#include "engine/data/kinds.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MOGRIFY "make PNGs of them: mogrify -format png FILES (package imagemagick)"
#define NUMPY                                                                                      \
  "load it with numpy and write one PNG an image into SET/CLASS/ (docs/data.md has the lines)"
#define PANDAS                                                                                     \
  "load it with pandas and write one PNG an image into SET/CLASS/ (docs/data.md has the lines)"
#define PYTHON                                                                                     \
  "load it with Python and write one PNG an image into SET/CLASS/ (docs/data.md has the lines)"
#define UNPACK    "unpack it and give its folder: "
#define UNPACK_7Z UNPACK "7z x FILE"

static const syn_kind kinds[] = {
    {SYN_ROLE_PICTURE, " .jpg .jpeg .jpe .jfif ", "\xff\xd8\xff", 3, 0, "JPEG", MOGRIFY},
    {SYN_ROLE_PICTURE, " .gif ", "GIF8", 4, 0, "GIF", MOGRIFY},
    {SYN_ROLE_PICTURE, " .bmp .dib ", "BM", 2, 0, "BMP", MOGRIFY},
    {SYN_ROLE_PICTURE, " .tif .tiff ", "II*\0", 4, 0, "TIFF", MOGRIFY},
    {SYN_ROLE_PICTURE, " ", "MM\0*", 4, 0, "TIFF", MOGRIFY},
    {SYN_ROLE_PICTURE, " .webp ", "WEBP", 4, 8, "WebP", MOGRIFY},
    {SYN_ROLE_PICTURE, " .avif .heic .heif ", NULL, 0, 0, "AVIF or HEIC", MOGRIFY},
    {SYN_ROLE_PICTURE, " .jp2 .j2k .jxl ", NULL, 0, 0, "JPEG 2000 or XL", MOGRIFY},
    {SYN_ROLE_PICTURE, " .pgm .ppm .pbm .pnm .pam ", NULL, 0, 0, "PGM or another of PNM", MOGRIFY},
    {SYN_ROLE_PICTURE, " .tga .ico .pcx .xbm .xpm .dds .exr .hdr .psd ", NULL, 0, 0,
     "a picture of another format than PNG", MOGRIFY},
    {SYN_ROLE_PICTURE, " .svg ", NULL, 0, 0, "SVG", MOGRIFY},
    {SYN_ROLE_PICTURE, " ", "\x89PNG\r\n\x1a\n", 8, 0, "PNG without .png at the end of its name",
     "name them so: for f in FILES; do mv \"$f\" \"$f.png\"; done"},
    {SYN_ROLE_ARRAYS, " ", "\0\0\x08\3", 4, 0, "an IDX file under another name",
     "name images and labels train-images-idx3-ubyte and train-labels-idx1-ubyte, or "
     "train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz"},
    {SYN_ROLE_ARRAYS, " .npz ", NULL, 0, 0, "a numpy archive (Keras, KMNIST)", NUMPY},
    {SYN_ROLE_ARRAYS, " .npy ", "\x93NUMPY", 6, 0, "a numpy array", NUMPY},
    {SYN_ROLE_ARRAYS, " .mat ", "MATLAB 5.0", 10, 0, "a MATLAB file",
     "load it with scipy.io and write one PNG an image into SET/CLASS/ (docs/data.md has the "
     "lines)"},
    {SYN_ROLE_ARRAYS, " .parquet ", "PAR1", 4, 0, "a Parquet table (Hugging Face)", PANDAS},
    {SYN_ROLE_ARRAYS, " .arrow .feather ", "ARROW1", 6, 0, "an Arrow table (Hugging Face)", PANDAS},
    {SYN_ROLE_ARRAYS, " .h5 .hdf5 .hdf ", "\x89HDF\r\n\x1a\n", 8, 0, "an HDF5 file",
     "load it with h5py and write one PNG an image into SET/CLASS/ (docs/data.md has the lines)"},
    {SYN_ROLE_ARRAYS, " .pkl .pickle .pkl.gz ", NULL, 0, 0, "a pickle of Python", PYTHON},
    {SYN_ROLE_ARRAYS, " .pt .pth ", NULL, 0, 0, "a file of PyTorch", PYTHON},
    {SYN_ROLE_ARRAYS, " .tfrecord .tfrecords .record ", NULL, 0, 0, "records of TensorFlow",
     PYTHON},
    {SYN_ROLE_ARRAYS, " .lmdb .mdb .sqlite .db ", NULL, 0, 0, "a database", PYTHON},
    {SYN_ROLE_ARRAYS, " .amat .amat.gz ", NULL, 0, 0, "a text matrix", NUMPY},
    {SYN_ROLE_ARRAYS, " .deb ", "!<arch>\ndebian", 14, 0, "a Debian package", UNPACK_7Z},
    {SYN_ROLE_ARRAYS, " .rpm ", "\xed\xab\xee\xdb", 4, 0, "an RPM package", UNPACK_7Z},
    {SYN_ROLE_ARRAYS, " .arj ", "\x60\xea", 2, 0, "an ARJ archive", UNPACK_7Z},
    {SYN_ROLE_ARRAYS, " .dmg .wim .vhd .vhdx .vmdk .qcow2 ", NULL, 0, 0, "the image of a disk",
     UNPACK_7Z},
    {SYN_ROLE_ARRAYS, " .sqfs .squashfs .sfs ", "hsqs", 4, 0, "a squashfs image",
     UNPACK "unsquashfs FILE"},
    {SYN_ROLE_ARRAYS, " .sit ", "SIT!", 4, 0, "a StuffIt archive", UNPACK "unar FILE"},
    {SYN_ROLE_ARRAYS, " .sitx .ace .zoo .arc .alz .egg ", NULL, 0, 0,
     "an archive of a kind that is rarely seen", UNPACK "unar FILE"},
    {SYN_ROLE_ARRAYS, " .lzo .tzo ", "\x89LZO\0\r\n\x1a\n", 9, 0, "an lzop file",
     "unpack it: lzop -d FILE"},
    {SYN_ROLE_ARRAYS, " .lrz ", "LRZI", 4, 0, "an lrzip file", "unpack it: lrzip -d FILE"},
    {SYN_ROLE_ARRAYS, " .br ", NULL, 0, 0, "a brotli file", "unpack it: brotli -d FILE"},
    {SYN_ROLE_ARCHIVE, " .zip ", "PK\3\4", 4, 0, "a zip archive", UNPACK "unzip FILE"},
    {SYN_ROLE_ARCHIVE, " .tar .tar.gz .tgz .tar.xz .txz .tar.bz2 .tbz .tbz2 .tar.zst .tzst ", NULL,
     0, 0, "a tar archive", UNPACK "tar xf FILE"},
    {SYN_ROLE_ARCHIVE, " .7z ", "7z\xbc\xaf\x27\x1c", 6, 0, "a 7z archive", UNPACK_7Z},
    {SYN_ROLE_ARCHIVE, " .rar ", "Rar!", 4, 0, "a rar archive", UNPACK "unrar x FILE"},
    {SYN_ROLE_ARCHIVE, " .cpio ", "0707", 4, 0, "a cpio archive", UNPACK "cpio -id <FILE"},
    {SYN_ROLE_ARCHIVE, " .cab ", "MSCF", 4, 0, "a cab archive", UNPACK_7Z},
    {SYN_ROLE_ARCHIVE, " .xar ", "xar!", 4, 0, "a xar archive", UNPACK_7Z},
    {SYN_ROLE_ARCHIVE, " .lha .lzh ", "-lh", 3, 2, "an LHA archive", UNPACK_7Z},
    {SYN_ROLE_ARCHIVE, " .iso ", NULL, 0, 0, "an ISO image", UNPACK_7Z},
    {SYN_ROLE_TABLE, " .csv .csv.gz .tsv .tsv.gz ", NULL, 0, 0, "a table as text (Kaggle)",
     "if its rows are images, load it with pandas and write one PNG a row into SET/CLASS/ "
     "(docs/data.md has the lines)"},
};

#define KINDS (sizeof kinds / sizeof *kinds)

/* Is one of the ends that of `name`? */
static int has_end(const syn_kind *kind, const char *name) {
  size_t n = strlen(name);
  for (const char *end = kind->ends + 1; *end;) {
    size_t m = strcspn(end, " ");
    if (n > m && strncasecmp(name + n - m, end, m) == 0)
      return 1;
    end += m + 1;
  }
  return 0;
}

const syn_kind *syn_kind_of_name(const char *name) {
  for (size_t i = 0; i < KINDS; i++)
    if (has_end(&kinds[i], name))
      return &kinds[i];
  /* "train-images-idx3-ubyte - Copy.gz" is packed, and one of these all the same. */
  const char *slash = strrchr(name, '/'), *base = slash ? slash : name;
  return strstr(base, "idx3-ubyte") || strstr(base, "idx1-ubyte")
             ? syn_kind_of_bytes((const uint8_t *)"\0\0\x08\3", 4)
             : NULL;
}

const syn_kind *syn_kind_of_bytes(const uint8_t *bytes, size_t n) {
  for (size_t i = 0; i < KINDS; i++)
    if (kinds[i].magic && n >= kinds[i].at + kinds[i].n &&
        memcmp(bytes + kinds[i].at, kinds[i].magic, kinds[i].n) == 0)
      return &kinds[i];
  return NULL;
}

const syn_kind *syn_kind_of_file(const char *path) {
  uint8_t bytes[512] = {0};
  const syn_kind *kind = syn_kind_of_name(path), *inside = NULL;
  FILE *file = kind && kind->role != SYN_ROLE_ARCHIVE ? NULL : fopen(path, "rb");
  if (file) {
    size_t n = fread(bytes, 1, sizeof bytes, file);
    if (memcmp(bytes + 257, "ustar", 5) !=
        0) /* that begins with a member's name, whatever that is */
      inside = syn_kind_of_bytes(bytes, n);
    fclose(file);
  }
  return inside ? inside : kind;
}

int syn_kind_is_png(const syn_kind *kind) {
  return kind && kind->magic && kind->n == 8 && memcmp(kind->magic + 1, "PNG", 3) == 0;
}
