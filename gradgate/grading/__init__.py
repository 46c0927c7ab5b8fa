"""From a submission to results: judges in parallel, each check's verdict, root causes."""
