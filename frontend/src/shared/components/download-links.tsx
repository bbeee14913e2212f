import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";

interface DownloadLinksProps {
  /** What is downloaded, such as "Labels"; left away where the page has nothing else. */
  what?: string;
  files: readonly { format: string; address: string }[];
}

/** The same in several formats, as files. */
export function DownloadLinks({ what, files }: DownloadLinksProps) {
  return files.map(({ format, address }) => (
    <Button
      key={format}
      component="a"
      variant="default"
      href={address}
      download
      leftSection={<IconDownload size={14} aria-hidden />}
    >
      {what ? `${what}, ${format}` : format}
    </Button>
  ));
}
