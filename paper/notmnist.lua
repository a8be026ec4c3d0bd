--- The paper's images: the readable part of notMNIST small (Y. Bulatov, 2011). The digest is taken
--- over the decoded images in the order of class and name, so the packing does not matter; see
--- engine/data/images.h. The paper counts 18,720 images, the archive holds 18,724.
return {
  images = 18724,
  digest = "cfb423c3919deb4514d044d07b38d1361e82bed60e8d0cabb66cfbff0467d640",
}
