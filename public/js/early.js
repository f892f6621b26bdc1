// Before anything is painted: how wide the sidebar was left.
try {
  if (localStorage.getItem("drizzl.sidebar") === "collapsed") document.documentElement.dataset.sidebar = "collapsed";
} catch {
  // A browser that keeps nothing for us shows the sidebar as it comes.
}
