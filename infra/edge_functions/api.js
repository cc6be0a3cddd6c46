// The API knows nothing of the edge's /api.
function handler(event) {
  var request = event.request;
  request.uri = request.uri.slice("/api".length);
  return request;
}
