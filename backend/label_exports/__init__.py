"""Labels that people gave, as a folder that a data set can be imported from: they feed a retrain."""
