import { elsewhere, needed } from './facilities.ts'
import { merge, type Rules } from './render.ts'

const word = { value: 'x' }
const serviceOf = (key: string) => (block: object) => ({ [key]: block })
const captcha = serviceOf('captcha')
const cacheBuster = serviceOf('cacheBuster')
const telemetry = serviceOf('telemetry')
const translation = serviceOf('translation')
const collector = { endpoint: 'http://collector.example.com:4318' }
const libre = { endpoint: 'https://libre.example.com', apiKey: word }

/** Rules of zz-validate/_services.tpl. */
export const serviceRules: Rules = {
  'two translators': {
    broken: translation({ deepl: { apiKey: word }, libreTranslate: libre }),
    says: 'translation: deepl and libreTranslate are mutually exclusive, as Mastodon would use only DeepL. Remove one of them.',
    met: [
      translation({ deepl: { apiKey: word, plan: 'pro' } }),
      translation({ libreTranslate: libre }),
    ],
  },
  'a key of a translator that is nowhere': {
    broken: translation({ libreTranslate: { apiKey: word } }),
    says: needed(
      'translation.libreTranslate.endpoint',
      'translation.libreTranslate.apiKey is set',
      'LIBRE_TRANSLATE_ENDPOINT',
    ),
    met: merge(translation({ libreTranslate: { apiKey: word } }), elsewhere),
  },
  'a captcha without a secret': {
    broken: captcha({ siteKey: 'site' }),
    says: needed('captcha.secretKey', 'captcha.siteKey is set', 'HCAPTCHA_SECRET_KEY'),
    met: captcha({ siteKey: 'site', secretKey: { existingSecret: 'hcaptcha', key: 'secret' } }),
  },
  'a captcha without a site': {
    broken: captcha({ secretKey: word }),
    says: needed('captcha.siteKey', 'captcha.secretKey is set', 'HCAPTCHA_SITE_KEY'),
    met: { ...captcha({ secretKey: word }), env: { HCAPTCHA_SITE_KEY: 'site' } },
  },
  'a secret of hCaptcha that YAML takes for a number': {
    broken: captcha({ siteKey: 'site', secretKey: { value: '0x00000000aB' } }),
    says: 'captcha.secretKey: must not be a number such as 0x…, as Mastodon does not send it as it is, and nobody could confirm an address. Ask hCaptcha for a new secret, which begins with ES_.',
    met: captcha({ siteKey: 'site', secretKey: { value: 'ES_00000000ab' } }),
  },
  'a header without content for the cache': {
    broken: cacheBuster({ enabled: true, secretHeader: 'X-Purge' }),
    says: needed('cacheBuster.secret', 'cacheBuster.secretHeader is set', 'CACHE_BUSTER_SECRET'),
    met: [
      cacheBuster({ enabled: true, secretHeader: 'X-Purge', secret: word }),
      cacheBuster({ enabled: true, httpMethod: 'PURGE' }),
    ],
  },
  'a secret for the cache without a header': {
    broken: cacheBuster({ enabled: true, secret: word }),
    says: needed(
      'cacheBuster.secretHeader',
      'cacheBuster.secret is set',
      'CACHE_BUSTER_SECRET_HEADER',
    ),
    met: cacheBuster({ secret: word }),
  },
  'the address of a collector that nobody expands': {
    broken: telemetry({ endpoint: 'http://$(NODE_IP):4318' }),
    says: 'telemetry.endpoint: contains "$(", which Kubernetes expands only in the env of containers. Set OTEL_EXPORTER_OTLP_ENDPOINT in pod.env instead.',
    met: telemetry(collector),
  },
  'the address of a collector with the path of traces': {
    broken: telemetry({ endpoint: 'http://collector:4318/v1/traces' }),
    says: 'telemetry.endpoint: must not end with /v1/traces, which Mastodon adds. Remove that from it.',
    met: telemetry({ endpoint: 'http://collector:4318/otlp' }),
  },
  'a share of traces for a sampler that has none': {
    broken: telemetry({ ...collector, sampler: 'always_on', samplerArg: 0 }),
    says: 'telemetry.samplerArg: has no effect unless telemetry.sampler is traceidratio or parentbased_traceidratio. Set the sampler, or remove this line.',
    met: [
      telemetry({ ...collector, sampler: 'parentbased_traceidratio', samplerArg: 0.1 }),
      telemetry({ samplerArg: 0.1 }),
    ],
  },
}
