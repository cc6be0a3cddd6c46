// Offers what Toss's SDK v2 offers for payment(): requestPayment and requestBillingAuth, by redirect.
// It refuses what the SDK's types and documentation exclude. Source: @tosspayments/tosspayments-sdk 2.8.1, types.
(() => {
  "use strict";
  const BASE = new URL("../", document.currentScript.src);
  const ANONYMOUS = "@@ANONYMOUS";
  const COMMON = ["method", "successUrl", "failUrl", "customerName", "customerEmail", "windowTarget"];
  const PAYMENT = [...COMMON, "amount", "orderId", "orderName", "customerMobilePhone", "taxFreeAmount", "metadata", "card"];
  const BILLING = [...COMMON, "selectableCardTypes", "flowMode", "easyPay", "cardCompany"];
  const CARD = { useEscrow: "boolean", taxExemptionAmount: "number", flowMode: "string", cardCompany: "string",
    easyPay: "string", cardInstallmentPlan: "number", maxCardInstallmentPlan: "number", freeInstallmentPlans: "object",
    useCardPoint: "boolean", useAppCardOnly: "boolean", discountCode: "string", validHours: "number", dueDate: "string",
    escrowProducts: "object", useInternationalCardOnly: "boolean", language: "string", showEstimatedAmount: "boolean",
    appScheme: "string", keyin: "object", showMobileAppHeader: "boolean" };

  function check(holds, code, message) {
    if (!holds) throw Object.assign(new Error(message), { code });
  }
  const object = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const text = (value, least, most) => typeof value === "string" && value.length >= least && value.length <= most;
  const optional = (value, test) => value === undefined || value === null || test(value);

  function checkKeys(request, allowed) {
    check(object(request), "INVALID_PARAMETERS", "요청은 객체여야 합니다.");
    for (const name of Object.keys(request))
      check(allowed.includes(name), "INVALID_PARAMETERS", `알 수 없는 파라미터입니다: ${name}`);
  }

  function checkUrl(url, code) {
    let protocol = "";
    try { protocol = new URL(url).protocol; } catch { /* not a URL with an origin */ }
    check(typeof url === "string" && ["http:", "https:"].includes(protocol), code, "오리진을 포함한 주소여야 합니다.");
  }

  function checkCommon(request) {
    check(request.successUrl !== undefined && request.failUrl !== undefined, "NOT_SUPPORTED_PROMISE",
      "successUrl과 failUrl을 넣어주세요.");
    checkUrl(request.successUrl, "INCORRECT_SUCCESS_URL_FORMAT");
    checkUrl(request.failUrl, "INCORRECT_FAIL_URL_FORMAT");
    for (const name of ["customerName", "customerEmail"])
      check(optional(request[name], (value) => text(value, 0, 100)), "INVALID_PARAMETERS", `${name}은 100자 이하입니다.`);
    check(optional(request.windowTarget, (value) => ["self", "iframe"].includes(value)), "INVALID_PARAMETERS",
      "windowTarget은 self 또는 iframe입니다.");
  }

  function checkAmount(amount) {
    check(object(amount) && Number.isInteger(amount.value), "INVALID_AMOUNT_VALUE", "amount.value는 정수여야 합니다.");
    check(amount.value >= 0, "BELOW_ZERO_AMOUNT", "결제 금액은 0원 이상이어야 합니다.");
    check(amount.currency === "KRW", "INVALID_AMOUNT_CURRENCY", "amount.currency는 KRW여야 합니다.");
  }

  function checkMetadata(metadata) {
    check(object(metadata) && Object.keys(metadata).length <= 5, "INVALID_METADATA", "metadata는 5개 이하의 쌍입니다.");
    for (const [name, value] of Object.entries(metadata))
      check(text(name, 1, 40) && !/[[\]]/.test(name) && text(value, 0, 2000), "INVALID_METADATA",
        "metadata의 키는 40자, 값은 2000자 이하의 문자열입니다.");
  }

  function checkCard(card) {
    check(object(card), "INVALID_PARAMETERS", "card는 객체여야 합니다.");
    for (const [name, value] of Object.entries(card))
      check(name in CARD && optional(value, (given) => typeof given === CARD[name]), "INVALID_PARAMETERS",
        `card.${name}을 확인해주세요.`);
    check(optional(card.flowMode, (mode) => ["DEFAULT", "DIRECT"].includes(mode)), "INVALID_PARAMETERS",
      "card.flowMode는 DEFAULT 또는 DIRECT입니다.");
  }

  function checkPayment(request) {
    checkKeys(request, PAYMENT);
    check(request.method === "CARD", "NOT_SUPPORTED_METHOD", "이 결제창은 CARD만 지원합니다.");
    checkAmount(request.amount);
    check(text(request.orderId, 6, 64) && /^[A-Za-z0-9_=-]+$/.test(request.orderId), "INVALID_PARAMETERS",
      "orderId는 영문, 숫자, -, _, =로 이루어진 6~64자입니다.");
    check(text(request.orderName, 1, 100), "INVALID_PARAMETERS", "orderName은 1~100자입니다.");
    check(optional(request.customerMobilePhone, (phone) => /^\d{8,15}$/.test(phone)), "INVALID_PARAMETERS",
      "customerMobilePhone은 8~15자리 숫자입니다.");
    check(optional(request.taxFreeAmount, Number.isInteger), "INVALID_PARAMETERS", "taxFreeAmount는 정수입니다.");
    if (optional(request.metadata, () => false) === false) checkMetadata(request.metadata);
    if (optional(request.card, () => false) === false) checkCard(request.card);
    checkCommon(request);
  }

  function checkBilling(request) {
    checkKeys(request, BILLING);
    check(request.method === "CARD", "NOT_SUPPORTED_METHOD", "이 결제창은 CARD만 지원합니다.");
    check(optional(request.flowMode, (mode) => ["DEFAULT", "DIRECT"].includes(mode)), "INVALID_PARAMETERS",
      "flowMode는 DEFAULT 또는 DIRECT입니다.");
    check(optional(request.selectableCardTypes, (types) => Array.isArray(types) &&
      types.every((type) => ["PERSONAL", "CORPORATE"].includes(type))), "INVALID_PARAMETERS",
      "selectableCardTypes는 PERSONAL, CORPORATE의 배열입니다.");
    checkCommon(request);
  }

  function go(path, query) {
    const url = new URL(path, BASE);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    location.assign(url);
    return new Promise(() => {}); // the page is left
  }

  function TossPayments(clientKey) {
    check(typeof clientKey === "string" && /^(test|live)_ck_/.test(clientKey), "INVALID_CLIENT_KEY",
      "API 개별 연동 클라이언트 키를 넣어주세요.");
    return { payment: (options) => payment(clientKey, options?.customerKey) };
  }

  function payment(clientKey, customerKey) {
    check(!/^(test|live)_g?sk_/.test(customerKey), "INSECURE_KEY_USAGE",
      "customerKey에 시크릿 키를 넣을 수 없습니다.");
    check(text(customerKey, 2, 50) && /^[A-Za-z0-9\-_=.@]+$/.test(customerKey), "INVALID_CUSTOMER_KEY",
      "customerKey는 영문, 숫자, -, _, =, ., @로 이루어진 2~50자입니다.");
    return {
      requestPayment: async (request) => {
        checkPayment(request);
        const { orderId, orderName, successUrl, failUrl } = request;
        const pairs = Object.entries(request.metadata ?? {}).map(([name, value]) => [`metadata[${name}]`, value]);
        return go("window", { clientKey, customerKey, orderId, orderName, amount: request.amount.value, successUrl,
          failUrl, ...Object.fromEntries(pairs) });
      },
      requestBillingAuth: async (request) => {
        checkBilling(request);
        check(customerKey !== ANONYMOUS, "INVALID_CUSTOMER_KEY", "자동결제에는 customerKey가 필요합니다.");
        const { successUrl, failUrl } = request;
        return go("window/billing", { clientKey, customerKey, successUrl, failUrl });
      },
      destroy: async () => {},
    };
  }

  TossPayments.ANONYMOUS = ANONYMOUS;
  window.TossPayments = TossPayments;
})();
