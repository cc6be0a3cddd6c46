// An image whose signed URL names a file is saved under that name, and not shown.
function handler(event) {
  var response = event.response;
  var file = event.request.querystring.download;
  if (file && /^[a-z0-9-]+\.[a-z0-9]+$/.test(file.value))
    response.headers["content-disposition"] = { value: 'attachment; filename="' + file.value + '"' };
  return response;
}
