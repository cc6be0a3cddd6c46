/* Made by `npm run types` from the API's document. */
export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the service's status and version
         * @description For monitors: it asks nothing but the function itself.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/styles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the styles
         * @description They change with a deployment at most, so an app may keep them for an hour.
         */
        get: operations["listStyles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get this document
         * @description As it was deployed. It needs no token.
         */
        get: operations["getOpenapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a URL to send one photo to
         * @description Reserves a place for one photo and answers a URL to send it to. Nothing is charged; a place to which no photo comes is gone after a quarter of an hour.
         */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an upload and the result of its check
         * @description Ask until it is `ready` or `rejected`; its check usually takes seconds.
         */
        get: operations["getUpload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the user's generations, newest first
         * @description Newest first, a page at a time.
         */
        get: operations["listGenerations"];
        put?: never;
        /**
         * Reserve credits and start the images
         * @description Sets the credits aside, starts the images and answers at once. Send an `Idempotency-Key`: a request that is repeated with it, after a lost answer, starts nothing again.
         */
        post: operations["createGeneration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/generations/{generation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a generation and its images
         * @description Ask until it is no longer `processing`. Images can be shown one by one as they are `stored`.
         */
        get: operations["getGeneration"];
        put?: never;
        post?: never;
        /**
         * Delete a finished generation and its images
         * @description Deletes its images at once and for good. It may be repeated; what was spent stays spent.
         */
        delete: operations["deleteGeneration"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/generations/{generation_id}/selection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Choose one of the images
         * @description Chooses one of the stored images; a later choice takes its place.
         */
        put: operations["selectImage"];
        post?: never;
        /**
         * Clear the choice
         * @description Takes the choice back. It may be repeated.
         */
        delete: operations["unselectImage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the balance
         * @description What can be spent and what is set aside, both at one moment.
         */
        get: operations["getCredits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/credits/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the changes of the balance, newest first
         * @description Every change of the credits, newest first, a page at a time; they sum up to what is available.
         */
        get: operations["listEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what the user was asked and has answered
         * @description Before the first photo, ask for what is `required` and does not count as agreed to.
         */
        get: operations["listConsents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consents/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Agree to a text, or refuse it
         * @description Each decision is kept as a record of its own. Taking `third_party_ai` back stops uploads and generations from then on; taking `face_comparison` back stops comparisons, also of images that are being made. It may be repeated.
         */
        put: operations["decideConsent"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Leave, and have everything deleted
         * @description Everything goes: photos, images, records, unspent credits, the plan, the sign-in. The token must be of a sign-in in the last five minutes (`sign_in_again`). From now on the account's routes answer 410 `account_erased`. It may be repeated, and answers the same receipt.
         */
        delete: operations["deleteAccount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/erasures/{receipt}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what became of an account that was deleted
         * @description Ask while it is `erasing`: seconds when all is well; money that is on its way is waited for. It needs no token, since the account is gone, and knows nobody.
         */
        get: operations["getErasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what can be bought
         * @description They change with a deployment at most, so an app may keep them for an hour.
         */
        get: operations["listProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the user's orders, newest first
         * @description Newest first, a page at a time; the plan's charges are among them.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Place an order
         * @description Nothing is charged: the answer has what Toss's payment window needs. The price is ours. Send an `Idempotency-Key`: a request that is repeated with it makes no other order.
         */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{order_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an order
         * @description Ask while it is `confirming` or `refunding`.
         */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{order_id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Charge what the customer authenticated
         * @description Call it from the success page, with what its address says. The customer is charged now, once, however often it is called; while the outcome is not known, ask for the order.
         */
        post: operations["confirmOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{order_id}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give unspent credits back for their money
         * @description Gives unspent credits back for their money. The credits are taken at once; the money takes as long as the card company does.
         */
        post: operations["refundOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get what the window needs in which a card is registered
         * @description What Toss's window needs in which a card is registered for the plan. Nothing is charged.
         */
        post: operations["openCardWindow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscriptions/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the plan with a card, or change the card
         * @description Call it from the success page. The plan begins with the first charge, within a minute; for a plan that runs, the card takes the place of the one before.
         */
        post: operations["registerCard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscriptions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the user's plan
         * @description Ask while it is `registering`.
         */
        get: operations["getSubscription"];
        /**
         * Agree to a new price
         * @description Records that the user agrees to `new_amount`, from the next charge on.
         */
        put: operations["agreeToPrice"];
        post?: never;
        /**
         * End the plan
         * @description No more charges, and what is paid stays until `paid_until`. It may be repeated.
         */
        delete: operations["endSubscription"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/toss/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive a call of Toss Payments
         * @description For Toss, which does not sign: the secret says who calls. No app calls it.
         */
        post: operations["receivePaymentWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{provider}/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive a provider's callback, signed as Standard Webhooks define
         * @description For providers of images, which sign what they send. No app calls it.
         */
        post: operations["receiveWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description `available` credits can be spent; `held` credits are reserved for images that are not finished; `owed` credits
         *     were spent, and their money went back since: they are taken from what comes in next.
         * @example {
         *       "available": 5,
         *       "held": 0,
         *       "owed": 0
         *     }
         */
        Balance: {
            /** @description Credits that can be spent. */
            available: number;
            /** @description Credits that are set aside for images that have not ended. */
            held: number;
            /** @description Credits that were spent, and whose money went back since. */
            owed: number;
        };
        /**
         * @description What the window sent to the success page.
         * @example {
         *       "auth_key": "bln_aB1cD2eF3",
         *       "customer_key": "5b1c0c0e-3f1e-4a57-9a0e-2d4a8e0f9c11"
         *     }
         */
        CardConfirmation: {
            /** @description The `authKey` of the success page's address. */
            auth_key: string;
            /** @description The `customerKey` of the success page's address. */
            customer_key: string;
        };
        /**
         * @description What the window needs in which a card is registered.
         * @example {
         *       "customer_key": "5b1c0c0e-3f1e-4a57-9a0e-2d4a8e0f9c11",
         *       "client_key": "test_ck_docs"
         *     }
         */
        CardWindow: {
            /** @description What Toss knows the user by. */
            customer_key: string;
            /** @description Toss's client key for billing. */
            client_key: string;
        };
        /**
         * @description The last decision about one kind. It counts as agreed to while it is `granted` and its `version` is the
         *     `latest_version`.
         * @example {
         *       "kind": "third_party_ai",
         *       "required": true,
         *       "latest_version": "2026-11-26",
         *       "version": "2026-11-26",
         *       "granted": true,
         *       "decided_at": "2026-11-23T01:02:03Z"
         *     }
         */
        Consent: {
            kind: components["schemas"]["ConsentKind"];
            /** @description Whether nothing is uploaded or generated without it. */
            required: boolean;
            /** @description The version that there is to agree to. */
            latest_version: string;
            /** @description The version that was decided on last; null before. */
            version: string | null;
            /** @description Whether it was agreed to; false before. */
            granted: boolean;
            /**
             * Format: date-time
             * @description When; null before.
             */
            decided_at: string | null;
        };
        /**
         * @description What the person has answered, and to which text.
         * @example {
         *       "version": "2026-11-26",
         *       "granted": true
         *     }
         */
        ConsentDecision: {
            /** @description The version of the text that the person has read. */
            version: string;
            /** @description Whether they agree. False takes it back. */
            granted: boolean;
        };
        /**
         * @description What is agreed to: `third_party_ai`, that the photo is sent to those who run and make the image models; `face_comparison`, that each image's face is compared with the photo's, which nobody has to.
         * @enum {string}
         */
        ConsentKind: "third_party_ai" | "face_comparison";
        /** @description Every kind, whether it was decided on or not. */
        ConsentList: {
            /** @description One for each kind. */
            consents: components["schemas"]["Consent"][];
        };
        /**
         * @description A type of photos; `image/jpg` and `image/heif` are other names of `image/jpeg` and `image/heic`.
         * @enum {string}
         */
        ContentType: "image/jpeg" | "image/png" | "image/webp" | "image/heic" | "image/jpg" | "image/heif";
        /**
         * @description One change of the available credits. `reference` is what it is for: a generation's id, or a grant's name.
         * @example {
         *       "id": "01KANE4M0WJK3MNP4QRS5TVW6X",
         *       "kind": "reserve",
         *       "amount": -4,
         *       "reference": "01KANE4M0V5W6X7Y8Z9A1B2C3D",
         *       "created_at": "2026-11-23T01:02:03Z"
         *     }
         */
        CreditEntry: {
            /** @description A ULID: later ones sort behind earlier ones. */
            id: string;
            kind: components["schemas"]["EntryKind"];
            /** @description Credits, negative where they were taken. */
            amount: number;
            /** @description What it was for: a generation's id, or the name of a grant. */
            reference: string;
            /**
             * Format: date-time
             * @description When it was entered.
             */
            created_at: string;
        };
        /** @description One page, newest first. `next_cursor` asks for the next page, and is null on the last. */
        CreditEntryList: {
            /** @description The entries of this page. */
            items: components["schemas"]["CreditEntry"][];
            /** @description Asks for the next page; null on the last one. */
            next_cursor: string | null;
        };
        /**
         * @description Why a customer was not charged.
         * @enum {string}
         */
        Decline: "limit_exceeded" | "card_unusable" | "card_unsupported" | "card_company_refused" | "unavailable";
        /** @description An OpenAPI document. */
        Document: {
            [key: string]: unknown;
        };
        /**
         * @description Why credits changed: given (`grant`), bought (`purchase`), set aside for a generation (`reserve`), given back by one (`refund`), taken because their money went back (`withdraw`), given again because it could not (`restore`).
         * @enum {string}
         */
        EntryKind: "grant" | "purchase" | "reserve" | "refund" | "withdraw" | "restore";
        /**
         * @description How much there was.
         * @example {
         *       "objects": 37,
         *       "items": 58
         *     }
         */
        Erased: {
            /** @description Photos and images. */
            objects: number;
            /** @description Records. */
            items: number;
        };
        /**
         * @description An account that is being deleted. Keep `receipt`: nothing else leads to what became of it.
         * @example {
         *       "receipt": "9f86d081884c7d659a2feaa0c55ad015",
         *       "status": "erasing"
         *     }
         */
        Erasure: {
            /** @description The receipt's number: 128 random bits, which tell nothing of the person. */
            receipt: string;
            /**
             * @description `erasing` until it was read that nothing is left, then `done`.
             * @enum {string}
             */
            status: "erasing" | "done";
        };
        /**
         * @description What became of an account that was deleted. It knows nobody.
         * @example {
         *       "status": "done",
         *       "requested_at": "2026-11-23T01:02:03Z",
         *       "done_at": "2026-11-23T01:02:21Z",
         *       "erased": {
         *         "objects": 37,
         *         "items": 58
         *       },
         *       "kept": [
         *         {
         *           "what": "이름 없는 결제 기록",
         *           "until": "2031-11-27",
         *           "why": "전자상거래법에 따라 5년 동안 보관해야 해요."
         *         }
         *       ],
         *       "backups_gone_by": "2026-12-28"
         *     }
         */
        ErasureReceipt: {
            /**
             * @description `erasing` until it was read that nothing is left, then `done`.
             * @enum {string}
             */
            status: "erasing" | "done";
            /**
             * Format: date-time
             * @description When the person left.
             */
            requested_at: string;
            /**
             * Format: date-time
             * @description When it was read that nothing is left; null before.
             */
            done_at: string | null;
            erased: components["schemas"]["Erased"];
            /** @description What is kept all the same, once it is done. */
            kept: components["schemas"]["KeptRecord"][];
            /**
             * Format: date
             * @description When no backup holds any of it any more; null before it is done.
             */
            backups_gone_by: string | null;
        };
        /** @description What is wrong with one field of the request. */
        FieldError: {
            /** @description The field's name; `body` where the whole is wrong. */
            field: string;
            /** @description What to put there instead, for the person. */
            message: string;
        };
        /** @description The answer of the gateway when it refuses a request before any function runs. */
        GatewayRefusal: {
            /** @description In English, for developers. */
            message?: string | null;
        };
        /** @description One image. `url` is signed, and there only while the image is stored. */
        GeneratedImage: {
            /** @description Its place in the generation, from 0. */
            index: number;
            status: components["schemas"]["ImageStatus"];
            /**
             * Format: uri
             * @description A signed URL of the image, good for 15 minutes, without a token; null unless it is stored.
             */
            url: string | null;
            /**
             * Format: date-time
             * @description Until when the URL is good; a new one comes with each look at the generation.
             */
            url_expires_at: string | null;
            /** @description In pixels, once it is stored. */
            width: number | null;
            /** @description In pixels, once it is stored. */
            height: number | null;
            /** @description How alike its face is to the photo's, where its user agreed to the comparison and it is stored; else null. */
            likeness: components["schemas"]["Likeness"] | null;
            /** @description Why it could not be made, once it is refunded. */
            error: components["schemas"]["ImageFailure"] | null;
        };
        /**
         * @description `selected` is the index of the image that the user chose.
         * @example {
         *       "id": "01KANE4M0V5W6X7Y8Z9A1B2C3D",
         *       "style": "classic",
         *       "role": "bride",
         *       "model": "black-forest-labs/flux-kontext-pro",
         *       "upload_id": "01KANE3T7Q8Z9A1B2C3D4E5F6G",
         *       "status": "partial",
         *       "created_at": "2026-11-23T01:02:03Z",
         *       "finished_at": "2026-11-23T01:02:21Z",
         *       "ai_generated": true,
         *       "images": [
         *         {
         *           "index": 0,
         *           "status": "stored",
         *           "url": "https://veil.example/results/YWxpY2U/01KANE4M0V5W6X7Y8Z9A1B2C3D/0?Expires=1795397400&Signature=0f1e&Key-Pair-Id=K1&Hash-Algorithm=SHA256",
         *           "url_expires_at": "2026-11-23T01:17:30Z",
         *           "width": 864,
         *           "height": 1152,
         *           "likeness": {
         *             "score": 97,
         *             "status": "verified"
         *           },
         *           "error": null
         *         },
         *         {
         *           "index": 1,
         *           "status": "stored",
         *           "url": "https://veil.example/results/YWxpY2U/01KANE4M0V5W6X7Y8Z9A1B2C3D/1?Expires=1795397400&Signature=0f1e&Key-Pair-Id=K1&Hash-Algorithm=SHA256",
         *           "url_expires_at": "2026-11-23T01:17:30Z",
         *           "width": 864,
         *           "height": 1152,
         *           "likeness": {
         *             "score": 97,
         *             "status": "verified"
         *           },
         *           "error": null
         *         },
         *         {
         *           "index": 2,
         *           "status": "stored",
         *           "url": "https://veil.example/results/YWxpY2U/01KANE4M0V5W6X7Y8Z9A1B2C3D/2?Expires=1795397400&Signature=0f1e&Key-Pair-Id=K1&Hash-Algorithm=SHA256",
         *           "url_expires_at": "2026-11-23T01:17:30Z",
         *           "width": 864,
         *           "height": 1152,
         *           "likeness": {
         *             "score": 97,
         *             "status": "verified"
         *           },
         *           "error": null
         *         },
         *         {
         *           "index": 3,
         *           "status": "refunded",
         *           "url": null,
         *           "url_expires_at": null,
         *           "width": null,
         *           "height": null,
         *           "likeness": null,
         *           "error": {
         *             "code": "content_flagged",
         *             "detail": "안전 기준에 맞지 않아 만들지 못했어요. 크레딧은 돌려드렸으니 다른 사진이나 스타일로 다시 시도해 주세요."
         *           }
         *         }
         *       ],
         *       "credits": {
         *         "reserved": 4,
         *         "captured": 3,
         *         "refunded": 1
         *       },
         *       "selected": null
         *     }
         */
        Generation: {
            /** @description A ULID: later ones sort behind earlier ones. */
            id: string;
            /** @description The id of a style of `GET /styles`. */
            style: string;
            /** @description What was asked for; null without it. */
            role: components["schemas"]["Role"] | null;
            /** @description The image model that was asked first. */
            model: string;
            /** @description The photo that it was made of. */
            upload_id: string;
            status: components["schemas"]["GenerationStatus"];
            /**
             * Format: date-time
             * @description When it was started.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When its last image ended; null before.
             */
            finished_at: string | null;
            /** @description Always true: a model makes its images. Say so; each file does, too, in its XMP. */
            ai_generated: boolean;
            /** @description In the order of their index. */
            images: components["schemas"]["GeneratedImage"][];
            credits: components["schemas"]["GenerationCredits"];
            /** @description The index of the image that was chosen; null while none is. */
            selected: number | null;
        };
        /** @description What a generation reserved, and what became of it so far. */
        GenerationCredits: {
            /** @description Credits that were set aside when it was started. */
            reserved: number;
            /** @description Credits of stored images: these were spent. */
            captured: number;
            /** @description Credits of images that could not be made: these were given back. */
            refunded: number;
        };
        /** @description One page, newest first. `next_cursor` asks for the next page, and is null on the last. */
        GenerationList: {
            /** @description The generations of this page. */
            items: components["schemas"]["Generation"][];
            /** @description Asks for the next page; null on the last one. */
            next_cursor: string | null;
        };
        /**
         * @description `processing` until the last image has ended; then `completed` if all are stored, `failed` if none is, else `partial`.
         * @enum {string}
         */
        GenerationStatus: "processing" | "completed" | "partial" | "failed";
        /**
         * @description The API is up.
         * @example {
         *       "status": "ok",
         *       "version": "1.0.0"
         *     }
         */
        Health: {
            /**
             * @description Always `ok`.
             * @constant
             */
            status: "ok";
            /** @description The version of Veil that answers. */
            version: string;
        };
        /**
         * @description Why an image could not be made.
         * @enum {string}
         */
        ImageError: "content_flagged" | "provider_failed" | "timed_out" | "bad_output" | "start_failed" | "unlike";
        /** @description Why an image was refunded: `code` for programs, `detail` for the person. */
        ImageFailure: {
            code: components["schemas"]["ImageError"];
            /** @description For the person. */
            detail: string;
        };
        /**
         * @description An image waits (`queued`), is being made (`running`), can be looked at (`stored`), or could not be made, and its credit was given back (`refunded`).
         * @enum {string}
         */
        ImageStatus: "queued" | "running" | "stored" | "refunded";
        /**
         * @description What is kept, without a name, although its account is gone: `what` and `why` are for the person.
         * @example {
         *       "what": "이름 없는 결제 기록",
         *       "until": "2031-11-27",
         *       "why": "전자상거래법에 따라 5년 동안 보관해야 해요."
         *     }
         */
        KeptRecord: {
            /** @description What is kept, for the person. */
            what: string;
            /**
             * Format: date
             * @description The day on which it goes, in Seoul.
             */
            until: string;
            /** @description Why it is kept, for the person. */
            why: string;
        };
        /**
         * @description The words that confirm it: credits that are left are forfeited, and nothing comes back.
         * @example {
         *       "confirm": "delete my account"
         *     }
         */
        Leaving: {
            /**
             * @description Always `delete my account`.
             * @constant
             */
            confirm: "delete my account";
        };
        /** @description How alike the image's face and the photo's are. */
        Likeness: {
            /** @description From 0 to 100; null while it is `unchecked`. */
            score: number | null;
            status: components["schemas"]["LikenessStatus"];
        };
        /**
         * @description `verified`: it is the person in the photo. `unchecked`: it could not be compared in time.
         * @enum {string}
         */
        LikenessStatus: "verified" | "unchecked";
        /** @description One text in every language. */
        LocalizedText: {
            /** @description In Korean. */
            ko: string;
            /** @description In English. */
            en: string;
        };
        /**
         * @description What to make images of, and how they shall look.
         * @example {
         *       "upload_id": "01KANE3T7Q8Z9A1B2C3D4E5F6G",
         *       "style": "classic",
         *       "role": "bride"
         *     }
         */
        NewGeneration: {
            /** @description A photo that is `ready`. */
            upload_id: string;
            /** @description The id of a style of `GET /styles`. */
            style: string;
            /**
             * @description Who the person is at the wedding, which decides the clothes; without it, the model chooses what fits the person.
             * @enum {string|null}
             */
            role?: "bride" | "groom" | null;
        };
        /**
         * @description What to buy.
         * @example {
         *       "product": "pack_medium"
         *     }
         */
        NewOrder: {
            /** @description The id of a pack of `GET /products`. */
            product: string;
        };
        /**
         * @description The photo that will be sent.
         * @example {
         *       "content_type": "image/jpeg",
         *       "size": 182044,
         *       "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
         *     }
         */
        NewUpload: {
            content_type: components["schemas"]["ContentType"];
            /** @description The file's length, in bytes. */
            size: number;
            /** @description The file's SHA-256 in base64; with it, S3 refuses a file that was damaged on its way. */
            sha256?: string | null;
        };
        /**
         * @description An order, with what the payment window needs: `order_name`, `amount`, `customer_key` and `client_key`.
         * @example {
         *       "id": "01KANE5A1B2C3D4E5F6G7H8J9K",
         *       "product": "pack_medium",
         *       "credits": 12,
         *       "amount": 9900,
         *       "currency": "KRW",
         *       "status": "paid",
         *       "order_name": "크레딧 12개",
         *       "customer_key": "5b1c0c0e-3f1e-4a57-9a0e-2d4a8e0f9c11",
         *       "client_key": "test_ck_docs",
         *       "receipt_url": "https://dashboard.tosspayments.com/receipt/1",
         *       "refundable": {
         *         "credits": 8,
         *         "amount": 6600
         *       },
         *       "created_at": "2026-11-23T01:02:03Z",
         *       "paid_at": "2026-11-23T01:02:21Z"
         *     }
         */
        Order: {
            /** @description A ULID, which is also Toss's `orderId`. */
            id: string;
            /** @description The id of what was bought. */
            product: string;
            /** @description Credits that it is for. */
            credits: number;
            /** @description What it costs, in KRW, tax included. */
            amount: number;
            /**
             * @description Always `KRW`.
             * @constant
             */
            currency: "KRW";
            status: components["schemas"]["OrderStatus"];
            /** @description Toss's `orderName`. */
            order_name: string;
            /** @description What Toss knows the user by: its `customerKey`. */
            customer_key: string;
            /** @description Toss's client key for payments. */
            client_key: string | null;
            /**
             * Format: uri
             * @description The card's slip at Toss, once it is paid.
             */
            receipt_url: string | null;
            refundable: components["schemas"]["Refundable"];
            /**
             * Format: date-time
             * @description When it was placed.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the customer was charged; null before.
             */
            paid_at: string | null;
        };
        /**
         * @description What the payment window sent to the success page.
         * @example {
         *       "payment_key": "tviva20261123100203aB1c2",
         *       "amount": 9900
         *     }
         */
        OrderConfirmation: {
            /** @description The `paymentKey` of the success page's address. */
            payment_key: string;
            /** @description The `amount` of the success page's address; another one than the order's is refused. */
            amount: number;
        };
        /** @description One page, newest first. `next_cursor` asks for the next page, and is null on the last. */
        OrderList: {
            /** @description The orders of this page. */
            items: components["schemas"]["Order"][];
            /** @description Asks for the next page; null on the last one. */
            next_cursor: string | null;
        };
        /**
         * @description `created` until the customer has paid in the window, `confirming` while the outcome is not known, `paid` once the credits are given; `refunding` while money is on its way back, `refunded` once all of it is. `failed` and `expired`: the customer was not charged. `review`: somebody at Veil has to look.
         * @enum {string}
         */
        OrderStatus: "created" | "confirming" | "paid" | "refunding" | "refunded" | "failed" | "expired" | "review";
        /**
         * @description Credits that are bought once: `amount` is in KRW, tax included.
         * @example {
         *       "id": "pack_medium",
         *       "name": {
         *         "ko": "크레딧 12개",
         *         "en": "12 credits"
         *       },
         *       "credits": 12,
         *       "amount": 9900
         *     }
         */
        Pack: {
            /** @description To be ordered by. */
            id: string;
            name: components["schemas"]["LocalizedText"];
            /** @description Credits that it gives. */
            credits: number;
            /** @description What it costs, in KRW. */
            amount: number;
        };
        /** @description Why a card was not charged: `code` for programs, `detail` for the person. */
        PaymentDecline: {
            code: components["schemas"]["Decline"];
            /** @description For the person. */
            detail: string;
        };
        /**
         * @description Credits that come each month, until the plan is ended: `amount` is in KRW a month, tax included.
         * @example {
         *       "id": "plan_monthly",
         *       "name": {
         *         "ko": "베일 월 구독 (매달 크레딧 16개)",
         *         "en": "Veil monthly (16 credits a month)"
         *       },
         *       "credits": 16,
         *       "amount": 9900,
         *       "period": "month"
         *     }
         */
        Plan: {
            /** @description The plan's id. */
            id: string;
            name: components["schemas"]["LocalizedText"];
            /** @description Credits that it gives each month. */
            credits: number;
            /** @description What it costs each month, in KRW. */
            amount: number;
            /**
             * @description Always `month`.
             * @constant
             */
            period: "month";
        };
        /**
         * @description What Veil reads of a prediction; a provider may send more.
         * @example {
         *       "id": "gm3qorzdhgbfurvjtvhg6dckhu",
         *       "status": "succeeded",
         *       "output": "https://replicate.delivery/xezq/out-0.jpg",
         *       "error": null
         *     }
         */
        PredictionEnded: {
            /** @description The prediction's id at the provider. */
            id: string;
            /** @description How it ended, in the provider's words. */
            status: string;
            /** @description Where the image is, where there is one. */
            output?: unknown;
            /** @description What went wrong, in the provider's words. */
            error?: string | null;
        };
        /**
         * @description Where to send one photo: use `method`, `url` and `headers` exactly as they are.
         * @example {
         *       "upload_id": "01KANE3T7Q8Z9A1B2C3D4E5F6G",
         *       "status": "pending",
         *       "method": "PUT",
         *       "url": "https://veil-prod-photos.s3.ap-northeast-2.amazonaws.com/incoming/YWxpY2U/01KANE3T7Q8Z9A1B2C3D4E5F6G?X-Amz-Expires=300&X-Amz-Signature=0f1e",
         *       "headers": {
         *         "Content-Type": "image/jpeg",
         *         "x-amz-checksum-sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
         *       },
         *       "expires_at": "2026-11-23T01:07:03Z"
         *     }
         */
        PresignedUpload: {
            /** @description A ULID: later ones sort behind earlier ones. */
            upload_id: string;
            status: components["schemas"]["UploadStatus"];
            /**
             * @description The method to send the photo with.
             * @constant
             */
            method: "PUT";
            /**
             * Format: uri
             * @description Where to send it, without a token.
             */
            url: string;
            /** @description The headers to send it with, as they are; S3 refuses it without any of them, and where its `Content-Length`, which every client sends by itself, is not the size that was announced. */
            headers: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description Until when the URL is good.
             */
            expires_at: string;
        };
        /**
         * @description The monthly price in KRW that the user agrees to.
         * @example {
         *       "amount": 12900
         *     }
         */
        PriceConsent: {
            /** @description The `new_amount` that the user agrees to. */
            amount: number;
        };
        /** @description An error (RFC 9457). `code` is stable and for programs; `detail` is for the person. */
        Problem: {
            /** @description The code as a URI. */
            type: string;
            /** @description The status in words. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description What is wrong and what to do, for the person. */
            detail: string;
            code: components["schemas"]["ProblemCode"];
            /** @description The id of this request in our log. */
            request_id: string;
            /** @description The fields that are wrong (`invalid_request`). */
            errors?: components["schemas"]["FieldError"][];
            /** @description Credits that are needed (`insufficient_credits`). */
            required?: number;
            /** @description Credits that there are (`insufficient_credits`). */
            available?: number;
            reason?: components["schemas"]["Rejection"];
            decline?: components["schemas"]["PaymentDecline"];
            kind?: components["schemas"]["ConsentKind"];
            /** @description The version to agree to (`consent_required`). */
            version?: string;
            /** @description Credits that are owed (`credits_owed`). */
            owed?: number;
            /** @description Credits that can be refunded (`nothing_refundable`). */
            refundable?: number;
        };
        /**
         * @description What is wrong, for programs. Open: new codes may come, so treat an unknown one by its status.
         * @example invalid_request
         * @example invalid_cursor
         * @example idempotency_key_reused
         * @example upload_rejected
         * @example file_too_large
         * @example unsupported_type
         * @example consent_required
         * @example rate_limited
         * @example insufficient_credits
         * @example upload_not_found
         * @example upload_not_ready
         * @example provider_unavailable
         * @example generation_not_found
         * @example image_not_stored
         * @example still_processing
         * @example order_not_found
         * @example credits_owed
         * @example order_conflict
         * @example order_expired
         * @example payment_declined
         * @example nothing_refundable
         * @example subscription_not_found
         * @example subscription_conflict
         * @example payments_unavailable
         * @example unauthenticated
         * @example sign_in_again
         * @example account_erased
         * @example receipt_not_found
         * @example invalid_signature
         * @example token_not_found
         * @example not_found
         * @example method_not_allowed
         * @example temporarily_unavailable
         * @example internal_error
         */
        ProblemCode: string;
        /** @description What can be bought. */
        ProductList: {
            /** @description Credits that are bought once, the smallest first. */
            packs: components["schemas"]["Pack"][];
            plan: components["schemas"]["Plan"];
        };
        /**
         * @description Why a photo was rejected.
         * @enum {string}
         */
        Reason: "not_an_image" | "type_mismatch" | "image_too_large" | "image_too_small" | "unreadable_image" | "no_face" | "multiple_faces" | "face_too_small";
        /**
         * @description `credits` of the order, or all that are unspent.
         * @example {
         *       "credits": 4
         *     }
         */
        RefundRequest: {
            /** @description How many; without it, all that are unspent. */
            credits?: number | null;
        };
        /** @description What of an order was not spent, and can be given back: credits, and the KRW for them. */
        Refundable: {
            /** @description Credits of the order that are unspent. */
            credits: number;
            /** @description What would go back for them, in KRW. */
            amount: number;
        };
        /** @description Why a photo was rejected: `code` for programs, `detail` for the person. */
        Rejection: {
            code: components["schemas"]["Reason"];
            /** @description For the person. */
            detail: string;
        };
        /**
         * @description Who the person is at the wedding.
         * @enum {string}
         */
        Role: "bride" | "groom";
        /**
         * @description The image that the person likes best.
         * @example {
         *       "image": 2
         *     }
         */
        Selection: {
            /** @description The image's index. */
            image: number;
        };
        /**
         * @description How the images look.
         * @example {
         *       "id": "classic",
         *       "name": {
         *         "ko": "클래식",
         *         "en": "Classic"
         *       },
         *       "description": {
         *         "ko": "부드러운 조명의 스튜디오 웨딩 사진이에요.",
         *         "en": "A studio wedding portrait in soft light."
         *       },
         *       "samples": [
         *         "https://veil.example/samples/classic-1.jpg",
         *         "https://veil.example/samples/classic-2.jpg",
         *         "https://veil.example/samples/classic-3.jpg"
         *       ]
         *     }
         */
        Style: {
            /** @description The id of a style of `GET /styles`. */
            id: string;
            name: components["schemas"]["LocalizedText"];
            description: components["schemas"]["LocalizedText"];
            /** @description Pictures in this style, to choose by. */
            samples: string[];
        };
        /** @description Every style, in the order in which to show them. */
        StyleList: {
            /** @description What a generation reserves: one credit an image, unless the stage chose another price. */
            credits: number;
            /** @description The styles. */
            styles: components["schemas"]["Style"][];
        };
        /**
         * @description The monthly plan. `paid_until` is when it is charged next, or ends. `new_amount` is a new price in KRW a month,
         *     to which the user agrees, or the plan ends then. `card` is a number with stars in it; `decline` says why it was not
         *     charged.
         * @example {
         *       "status": "active",
         *       "plan": "plan_monthly",
         *       "credits": 16,
         *       "amount": 9900,
         *       "new_amount": null,
         *       "card": "53651012****123*",
         *       "paid_until": "2026-12-23T01:02:21Z",
         *       "decline": null
         *     }
         */
        Subscription: {
            status: components["schemas"]["SubscriptionStatus"];
            /** @description The plan's id. */
            plan: string;
            /** @description Credits that it gives each month. */
            credits: number;
            /** @description What is charged each month, in KRW, as the user agreed. */
            amount: number;
            /** @description A new price in KRW a month: the user agrees, or the plan ends at `paid_until`. */
            new_amount: number | null;
            /** @description The card's number, with stars in it. */
            card: string | null;
            /**
             * Format: date-time
             * @description When it is charged next, or ends; null before the first charge.
             */
            paid_until: string | null;
            /** @description Why the card was not charged; null where it was. */
            decline: components["schemas"]["PaymentDecline"] | null;
        };
        /**
         * @description `registering` until the card is charged for the first time, `active` while it runs, `past_due` while a declined card is tried again, `ending` once the user has ended it, `ended` after that.
         * @enum {string}
         */
        SubscriptionStatus: "registering" | "active" | "past_due" | "ending" | "ended";
        /**
         * @description What Toss sends when a payment has changed; it sends more.
         * @example {
         *       "eventType": "PAYMENT_STATUS_CHANGED",
         *       "data": {
         *         "orderId": "01KANE5A1B2C3D4E5F6G7H8J9K",
         *         "status": "DONE"
         *       }
         *     }
         */
        TossMessage: {
            /** @description What happened. */
            eventType: string;
            /** @description The payment. It is only used to find the order. */
            data: {
                [key: string]: unknown;
            };
        };
        /**
         * @description A photo and its check. `width` and `height` are in pixels, once it is ready; `reason` is there once rejected.
         * @example {
         *       "upload_id": "01KANE3T7Q8Z9A1B2C3D4E5F6G",
         *       "status": "ready",
         *       "reason": null,
         *       "width": 768,
         *       "height": 1024,
         *       "created_at": "2026-11-23T01:02:03Z"
         *     }
         */
        Upload: {
            /** @description A ULID: later ones sort behind earlier ones. */
            upload_id: string;
            status: components["schemas"]["UploadStatus"];
            /** @description Why it was rejected; null unless it was. */
            reason: components["schemas"]["Rejection"] | null;
            /** @description Of the photo as it is kept, in pixels, once it is ready. */
            width: number | null;
            /** @description Of the photo as it is kept, in pixels, once it is ready. */
            height: number | null;
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            created_at: string;
        };
        /**
         * @description `pending` until the photo has come, `checking` while it is looked at, then `ready` or `rejected`.
         * @enum {string}
         */
        UploadStatus: "pending" | "checking" | "ready" | "rejected";
    };
    responses: {
        /** @description `unauthenticated` or a refusal by the gateway. */
        Unauthenticated: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayRefusal"];
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `account_erased`. */
        AccountErased: {
            headers: {
                "x-request-id": components["headers"]["x-request-id"];
                "content-language": components["headers"]["content-language"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_request`. */
        InvalidRequest: {
            headers: {
                "x-request-id": components["headers"]["x-request-id"];
                "content-language": components["headers"]["content-language"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_request` or `invalid_cursor`. */
        InvalidPage: {
            headers: {
                "x-request-id": components["headers"]["x-request-id"];
                "content-language": components["headers"]["content-language"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `generation_not_found` or `not_found`. */
        GenerationNotFound: {
            headers: {
                "x-request-id": components["headers"]["x-request-id"];
                "content-language": components["headers"]["content-language"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal_error` or a refusal by the gateway. */
        InternalError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
                "application/json": components["schemas"]["GatewayRefusal"];
            };
        };
        /** @description `temporarily_unavailable` or a refusal by the gateway. */
        TemporarilyUnavailable: {
            headers: {
                "retry-after": components["headers"]["retry-after"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
                "application/json": components["schemas"]["GatewayRefusal"];
            };
        };
        /** @description A refusal by the gateway. */
        BodyTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayRefusal"];
            };
        };
        /** @description A refusal by the gateway. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayRefusal"];
            };
        };
        /** @description A refusal by the gateway. */
        TooManyRequests: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayRefusal"];
            };
        };
        /** @description A refusal by the gateway. */
        GatewayTimeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayRefusal"];
            };
        };
    };
    parameters: {
        /**
         * @description The `etag` of what the client has.
         * @example "00000000000000000000000000000000"
         */
        "if-none-match": string;
        /**
         * @description The message's id.
         * @example msg_1
         */
        "webhook-id": string;
        /**
         * @description When it was signed, in seconds since 1970.
         * @example 1795392000
         */
        "webhook-timestamp": string;
        /**
         * @description One or more `v1,<base64>`, separated by blanks.
         * @example v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
         */
        "webhook-signature": string;
    };
    requestBodies: never;
    headers: {
        /** @description The id of this request in our log. */
        "x-request-id": string;
        /** @description URL of the resource. */
        location: string;
        /** @description Seconds to wait before the next request; of what is under way, more the longer it takes. */
        "retry-after": number;
        /** @description The language of the words for the person, as `Accept-Language` asks for it. */
        "content-language": "ko" | "en";
        /** @description To be sent as `If-None-Match`. */
        etag: string;
        /** @description "true" if an earlier request created the resource. */
        "idempotency-replayed": "true";
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is up. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    listStyles: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of what the client has.
                 * @example "00000000000000000000000000000000"
                 */
                "if-none-match"?: components["parameters"]["if-none-match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every style, in every language. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "cache-control": "public, max-age=3600";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StyleList"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "cache-control": "public, max-age=3600";
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    getOpenapi: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of what the client has.
                 * @example "00000000000000000000000000000000"
                 */
                "if-none-match"?: components["parameters"]["if-none-match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI document. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "cache-control": "public, max-age=3600";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "cache-control": "public, max-age=3600";
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUpload"];
            };
        };
        responses: {
            /** @description Created. Send the photo within 5 minutes; S3 refuses any other length, content type or checksum. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PresignedUpload"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description `consent_required` or a refusal by the gateway. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["GatewayRefusal"];
                };
            };
            410: components["responses"]["AccountErased"];
            /** @description `file_too_large` or a refusal by the gateway. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["GatewayRefusal"];
                };
            };
            /** @description `unsupported_type`. */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["InvalidRequest"];
            /** @description `rate_limited` or a refusal by the gateway. */
            429: {
                headers: {
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayRefusal"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    getUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The upload's id. */
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload. Its check starts by itself when the photo arrives. Until it has ended, `Retry-After` says when to ask again. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `upload_not_found` or `not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    listGenerations: {
        parameters: {
            query?: {
                /** @description The most items of one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before; without it, the first page. */
                cursor?: string;
                /** @description With `1`, a browser saves what the URLs of images lead to, under a name, and does not show it. */
                download?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GenerationList"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["AccountErased"];
            422: components["responses"]["InvalidPage"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    createGeneration: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: sent again with the same body within 24 hours, it does nothing. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewGeneration"];
            };
        };
        responses: {
            /** @description An earlier request with this key and body started this generation. Nothing was reserved again. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generation"];
                };
            };
            /** @description Accepted: the credits are reserved. An image that cannot be started now is started later or refunded. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generation"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description `insufficient_credits`. */
            402: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `consent_required` or a refusal by the gateway. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["GatewayRefusal"];
                };
            };
            /** @description `upload_not_found` or `generation_not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upload_not_ready`. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            413: components["responses"]["BodyTooLarge"];
            /** @description `invalid_request` or `idempotency_key_reused` or `upload_rejected`. */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` or a refusal by the gateway. */
            429: {
                headers: {
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayRefusal"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["InternalError"];
            /** @description `provider_unavailable` or `temporarily_unavailable` or a refusal by the gateway. */
            503: {
                headers: {
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["GatewayRefusal"];
                };
            };
            504: components["responses"]["GatewayTimeout"];
        };
    };
    getGeneration: {
        parameters: {
            query?: {
                /** @description With `1`, a browser saves what the URLs of images lead to, under a name, and does not show it. */
                download?: string;
            };
            header?: {
                /**
                 * @description The `etag` of what the client has.
                 * @example "00000000000000000000000000000000"
                 */
                "if-none-match"?: components["parameters"]["if-none-match"];
            };
            path: {
                /** @description The generation's id. */
                generation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The generation. While it is processing, `Retry-After` says when to ask again. Each image's `url` is good for 15 minutes. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    "content-language": components["headers"]["content-language"];
                    etag: components["headers"]["etag"];
                    "cache-control": "private, no-cache";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generation"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    "content-language": components["headers"]["content-language"];
                    etag: components["headers"]["etag"];
                    "cache-control": "private, no-cache";
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["GenerationNotFound"];
            410: components["responses"]["AccountErased"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    deleteGeneration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The generation's id. */
                generation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. A repeated request has no effect. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["GenerationNotFound"];
            /** @description `still_processing`. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    selectImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The generation's id. */
                generation_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Selection"];
            };
        };
        responses: {
            /** @description The generation with its choice. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generation"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["GenerationNotFound"];
            /** @description `image_not_stored`. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            413: components["responses"]["BodyTooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    unselectImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The generation's id. */
                generation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No image is chosen. A repeated request has no effect. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["GenerationNotFound"];
            410: components["responses"]["AccountErased"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    getCredits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The balance. A new account is granted the welcome credits once: later, if the day's budget is spent. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Balance"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["AccountErased"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    listEntries: {
        parameters: {
            query?: {
                /** @description The most items of one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before; without it, the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. The sum of all amounts is what is available. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreditEntryList"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["AccountErased"];
            422: components["responses"]["InvalidPage"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    listConsents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every kind, also one that nothing was decided about. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentList"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["AccountErased"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    decideConsent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What is agreed to. */
                kind: components["schemas"]["ConsentKind"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentDecision"];
            };
        };
        responses: {
            /** @description Recorded. The same again records nothing. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consent"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            413: components["responses"]["BodyTooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    deleteAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Leaving"];
            };
        };
        responses: {
            /** @description Begun. Keep the receipt. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            /** @description `unauthenticated` or `sign_in_again` or a refusal by the gateway. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayRefusal"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    getErasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the receipt. */
                receipt: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The receipt. While it is erasing, `Retry-After` says when to ask again. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureReceipt"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description `receipt_not_found` or `not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    listProducts: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of what the client has.
                 * @example "00000000000000000000000000000000"
                 */
                "if-none-match"?: components["parameters"]["if-none-match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The packs and the plan. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "cache-control": "public, max-age=3600";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductList"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "cache-control": "public, max-age=3600";
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description The most items of one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before; without it, the first page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderList"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["AccountErased"];
            422: components["responses"]["InvalidPage"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    placeOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: sent again with the same body within 24 hours, it does nothing. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOrder"];
            };
        };
        responses: {
            /** @description An earlier request with this key and body placed this order. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Placed: open the payment window with it. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `order_not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `credits_owed`. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            413: components["responses"]["BodyTooLarge"];
            /** @description `invalid_request` or `idempotency_key_reused`. */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` or a refusal by the gateway. */
            429: {
                headers: {
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayRefusal"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["InternalError"];
            /** @description `payments_unavailable` or `temporarily_unavailable` or a refusal by the gateway. */
            503: {
                headers: {
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["GatewayRefusal"];
                };
            };
            504: components["responses"]["GatewayTimeout"];
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's id. */
                order_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. While it is not settled, `Retry-After` says when to ask again. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `order_not_found` or `not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    confirmOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's id. */
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderConfirmation"];
            };
        };
        responses: {
            /** @description Paid: the credits are there. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The outcome is not known yet: ask for the order. It ends by itself. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description `payment_declined`. */
            402: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description `order_not_found` or `not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `order_conflict`. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `order_expired` or `account_erased`. */
            410: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["BodyTooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    refundOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's id. */
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundRequest"];
            };
        };
        responses: {
            /** @description The credits are taken; the money is on its way. Should it be refused, the credits come back. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `order_not_found` or `not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `nothing_refundable`. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            413: components["responses"]["BodyTooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    openCardWindow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description For Toss's window. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardWindow"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `credits_owed`. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            /** @description `payments_unavailable` or `temporarily_unavailable` or a refusal by the gateway. */
            503: {
                headers: {
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["GatewayRefusal"];
                };
            };
            504: components["responses"]["GatewayTimeout"];
        };
    };
    registerCard: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardConfirmation"];
            };
        };
        responses: {
            /** @description The card is being registered. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `credits_owed` or `subscription_conflict`. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            413: components["responses"]["BodyTooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            /** @description `payments_unavailable` or `temporarily_unavailable` or a refusal by the gateway. */
            503: {
                headers: {
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["GatewayRefusal"];
                };
            };
            504: components["responses"]["GatewayTimeout"];
        };
    };
    getSubscription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plan, also once it has ended. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `subscription_not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    agreeToPrice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PriceConsent"];
            };
        };
        responses: {
            /** @description The plan goes on at the new price. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `subscription_not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `subscription_conflict`. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            413: components["responses"]["BodyTooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    endSubscription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It ends at `paid_until`. A repeated request has no effect. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `subscription_not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["AccountErased"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    receivePaymentWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The secret that Toss was told to call with. */
                secret: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TossMessage"];
            };
        };
        responses: {
            /** @description There is nothing left to do. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Forbidden"];
            /** @description `token_not_found` or `not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["BodyTooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    receiveWebhook: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The message's id.
                 * @example msg_1
                 */
                "webhook-id": components["parameters"]["webhook-id"];
                /**
                 * @description When it was signed, in seconds since 1970.
                 * @example 1795392000
                 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /**
                 * @description One or more `v1,<base64>`, separated by blanks.
                 * @example v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
                 */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path: {
                /** @description The provider's name in the catalogue of image models. */
                provider: string;
                /** @description The token that the callback's URL was made with. */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictionEnded"];
            };
        };
        responses: {
            /** @description Accepted. Repeated callbacks have no effect. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_signature` or a refusal by the gateway. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayRefusal"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description `token_not_found` or `not_found`. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "content-language": components["headers"]["content-language"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["BodyTooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["TemporarilyUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
}

export type KnownProblemCode = "invalid_request" | "invalid_cursor" | "idempotency_key_reused" | "upload_rejected" | "file_too_large" | "unsupported_type" | "consent_required" | "rate_limited" | "insufficient_credits" | "upload_not_found" | "upload_not_ready" | "provider_unavailable" | "generation_not_found" | "image_not_stored" | "still_processing" | "order_not_found" | "credits_owed" | "order_conflict" | "order_expired" | "payment_declined" | "nothing_refundable" | "subscription_not_found" | "subscription_conflict" | "payments_unavailable" | "unauthenticated" | "sign_in_again" | "account_erased" | "receipt_not_found" | "invalid_signature" | "token_not_found" | "not_found" | "method_not_allowed" | "temporarily_unavailable" | "internal_error";
