--- The REFORMS checklist, answered for the report: 32 items in eight modules. What an item asks stands
--- here in a few words of ours; its wording and its guidelines are in the article. ${...} are filled from
--- the report: numbers of it, and ${@id} a link to one of its sections (experiments/lib/papers).
return {
  about = [[
    REFORMS are recommendations for science that uses machine learning (S. Kapoor and others, *Science
    Advances* 2024, 10(18), eadk3452, [doi 10.1126/sciadv.adk3452](https://doi.org/10.1126/sciadv.adk3452)).
    Here the authors of synlab answer them for [the report](${report}), of which this page was made
    together with its numbers. Nobody else has checked the answers. What was not done is said.
  ]],

  { "Study goals",
    { "1a", "The population that the claims are about.", [[
      Trainings by the paper's algorithm, on random decision boundaries in the plane (${@figure1}) and on
      images of letters (${@table1}). From run to run the seed differs, and with it the initial weights,
      the exploration, the boundary and its points or the split of the images. Intervals are about such
      runs. They say nothing about other sets of images.]] },
    { "1b", "Why this population.", [[
      They are the paper's own tasks, so that its numbers can stand beside ours.]] },
    { "1c", "Why machine learning.", "It is the subject of the study, not a tool of it." },
  },

  { "Computational reproducibility",
    { "2a", "The data.", [[
      ${images}. A digest is SHA-256 over the decoded images and names a set in every packing. notMNIST
      small has no DOI; its published address, size and SHA-256 stand in `data/fetch`. The points of
      boundaries are computed from the seed.]] },
    { "2b", "The code.", [[
      ${sources}. The code has no DOI.]] },
    { "2c", "The machine.", [[
      ${machine}. What the runs took stands in ${@took}.]] },
    { "2d", "Instructions.", [[
      `README.md` has the commands, and what they need. Under each figure and table of the report stands
      the command that repeats it.]] },
    { "2e", "A script for everything.", [[
      This report was made by `${command}`. `make repro`, and for the whole of it `make repro-full`, prepare
      the machine, fetch the images and run it. `synlab verify` tells whether its files are as written and computes runs again.]] },
  },

  { "Data quality",
    { "3a", "Sources, time, annotation.", [[
      notMNIST small was published by Y. Bulatov in 2011. An image is a glyph of a typeface; its label is
      the letter that the glyph stands for in it. We did not check the labels. Images that train and
      images that validate come from the same set. How the built-in letters were made stands in
      `data/letters/README.md`.]] },
    { "3b", "The sampling frame.", [[
      Typefaces that the makers of the set had. How these were sampled is not known to us.]] },
    { "3c", "Why these data.", "The paper used notMNIST small. A comparison with its numbers needs the same." },
    { "3d", "The outcome, with its statistics.", [[
      Letters: the class of an image. Boundaries: on which side of the boundary a point lies. How many
      images a class has is not in the report; `synlab data info` prints it.]] },
    { "3e", "The size of the sample.", [[
      ${images}. The report rests on ${runs}; ${endings}. How many runs a number is from stands
      beside it. Networks that died are among them, and are counted beside every mean.]] },
    { "3f", "Missing data.", "${skipped}. No sample lacks a value or a label." },
    { "3g", "Are the data representative?", [[
      Of the paper's experiments, where the images are the paper's (2a). Whether glyphs of typefaces
      stand for the recognition of characters at large was not examined.]] },
  },

  { "Data preprocessing",
    { "4a", "What was left out.", [[
      No image but those that cannot be read, and in ${@split} those that stand under several labels.]] },
    { "4b", "Impossible or corrupt samples.", [[
      Files that cannot be read are left out, and `synlab data info` names them. ${skipped}. Nobody looked
      for images with a wrong label.]] },
    { "4c", "All transformations.", [[
      Images are decoded, colours become grey, and grey from 0 to 255 becomes a number from 0 to 1.
      Nothing is normalised by other images, nothing is imputed or augmented. There is no flow chart.]] },
  },

  { "Modelling",
    { "5a", "The models.", [[
      Fully connected networks and the rule that trains them: ${@figure1}, ${@policy}, ${@table1}.
      `manifest.json` has every option of every run, and [`data/runs.csv`](data/runs.csv) a row of it.]] },
    { "5b", "Why these models.", "They are the paper's." },
    { "5c", "How they are evaluated.", [[
      On images that do not train, drawn anew for each seed unless the set has a split of its own, after
      the last iteration and never after the best one: ${@table1}. There is no third part of the images.
      Accuracy on boundaries is on the points that train.]] },
    { "5d", "How a model was selected.", [[
      No run was: every seed counts, also that of a run that died. The policy that goes from boundaries to letters is
      selected by a protocol that sees no letters: ${@policy}.]] },
    { "5e", "Hyperparameters.", [[
      Those of the paper's method were not tuned; those of the best rule and of the methods beside it were, by a
      search on other splits (`paper/discovery.md`). They are the paper's; where it is silent, those of its authors' code, or of
      the ledger in `paper/ledger.md`. What another choice changes is measured by `experiments/ledger.lua`,
      a chapter of the full report, and has no effect on the other sections.]] },
    { "5f", "Baselines.", [[
      Gradient descent on the same networks and splits, as the paper has it: ${@table1}. Run to its
      plateau from several starts, and by mini-batches: ${@baseline}. For the boundary task a straight
      line: ${@figure2}. These baselines were tried as they stand there, not tuned. The methods beside the best rule
      were searched with the same effort as it.]] },
  },

  { "Data leakage",
    { "6a", "Is the test set kept apart?", [[
      Preprocessing takes each image by itself. Training sees only the images that train, and no run is
      stopped by what it reaches on the others.]] },
    { "6b", "Duplicates and dependencies.", [[
      notMNIST small repeats images, and the paper's random split puts copies on both sides. How many, and
      what that is worth, is measured in ${@split}. Glyphs of one typeface stand on both sides too; that was
      not examined.]] },
    { "6c", "Are the inputs legitimate?", [[
      Inputs are the pixels of the image, or the coordinates of the point, and nothing else.]] },
  },

  { "Metrics and uncertainty",
    { "7a", "Metrics.", [[
      Accuracy and loss after the last iteration, and the share of runs that reach an accuracy. Each claim
      in `claims.csv` names its own, and `paper/claims.lua` says why.]] },
    { "7b", "Uncertainty.", [[
      Intervals of 95 % over runs stand beside means and shares; how they are computed is said at the head
      of [the report](${report}), and in `experiments/lib/statistics`.]] },
    { "7c", "Statistical tests.", [[
      Which test answers a claim, in which family of tests, with how many runs and what power, and how far
      a number may be from the published one, was registered before the runs: ${@registration}, with the
      commit that last changed it at the head of [the report](${report}).
      Whether values are normally distributed was not tested.]] },
  },

  { "Generalisability and limitations",
    { "8a", "External validity.", [[
      ${@transfer} takes the policy to other activation functions, shapes and tasks. No data from practice
      were used.]] },
    { "8b", "Where the findings do not hold.", [[
      They are about small, fully connected networks. Convolutional, recurrent and spiking networks were
      not tried. Some runs die (${@collapse}). Seconds are of one machine (${@cost}). The profile of this
      report is `${profile}`; only `full` runs as long as the paper.]] },
  },
}
