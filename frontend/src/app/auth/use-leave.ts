import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useNavigate } from "react-router";
import { leave } from "./session-changes";

/** To the sign-in page, and not back to what the one who left was looking at. */
export function useLeave(): () => void {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useCallback(() => {
    leave(queryClient);
    void navigate("/", { replace: true });
  }, [queryClient, navigate]);
}
