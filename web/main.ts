/* The page: one element, which brings all others. */
import "./app/iop-app.ts";
