import { createContext } from "react";

/** Which task and question a table belongs to: several have the same name, and regions need names of their own. */
export const PlaceContext = createContext("");
