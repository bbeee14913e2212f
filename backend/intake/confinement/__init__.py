"""What a process that decodes gives up before it looks at a file. None of it needs to be root, and none can be undone.

``service.confine`` is called in the copy that decodes one file; ``service.offered`` says what this kernel can do.
"""
