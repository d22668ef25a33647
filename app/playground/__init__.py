"""The page that `app.http.routes.playground` serves: plain HTML, style sheets and JavaScript modules."""
