"""Whether scores carry more, or other things, than the concepts they are named after."""
