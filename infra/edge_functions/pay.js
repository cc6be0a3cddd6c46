// This behavior's headers are looser than the others': it shows its one page, and nothing else.
function handler(event) {
  var request = event.request;
  request.uri = "/pay.html";
  return request;
}
