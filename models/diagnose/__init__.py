"""What a trained model shows about each concept over many images: codes, groups, options, and what is wrong."""
