// Every address of the web client is one page; what has a dot in its last part is a file.
function handler(event) {
  var request = event.request;
  if (request.uri.split("/").pop().indexOf(".") < 0) request.uri = "/index.html";
  return request;
}
