import { useDocumentTitle } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate, useParams } from "react-router";
import { useReading } from "../../features/readings/api/get-reading";
import { Room } from "../../features/readings/components/room";
import { queryKeys } from "../../shared/api/query-keys";
import type { ReadingRead } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Footer } from "../shell/footer";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import classes from "./reading-page.module.css";

/** The whole window for one item. Its title and address say nothing of the study's design. */
export function ReadingRoomPage() {
  useDocumentTitle("Reading room · Vitrine");
  return (
    <div className={classes.room}>
      <div className={classes.reading}>
        <Needs permission="studies:answer" what="Reading">
          <Gate />
        </Needs>
      </div>
      <Footer />
    </div>
  );
}

function Gate() {
  const { studyId = "" } = useParams();
  const reading = useReading(studyId);
  if (reading.data) {
    return <Entered key={studyId} reading={reading.data} />;
  }
  if (reading.isPending) {
    return <Busy>Loading the study</Busy>;
  }
  return (
    <main className={page.notice}>
      <QueryError
        title="This study could not be loaded"
        error={reading.error}
        onRetry={() => void reading.refetch()}
      />
    </main>
  );
}

function Entered({ reading }: { reading: ReadingRead }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const address = `/readings/${reading.study_id}`;
  if (reading.status === "invited") {
    // Instructions come first, also for who has the address of the room.
    return <Navigate to={address} replace />;
  }
  const leave = () => {
    void queryClient.invalidateQueries({ queryKey: queryKeys.readings });
    void navigate(address);
  };
  return <Room reading={reading} onLeave={leave} />;
}
