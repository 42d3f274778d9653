ActiveRecord::Schema[7.2].define(version: 2026_08_01_000001) do
  create_table "accounts", id: :bigint, default: -> { "timestamp_id('accounts'::text)" }, force: :cascade do |t|
    t.string :username, null: false, index: { unique: true }
    t.string :email
    t.string :role
    t.string :password_digest
    t.boolean :confirmed, null: false, default: false
    t.boolean :approved, null: false, default: false
    t.timestamps
  end
  create_table "keypairs", force: :cascade do |t|
    t.bigint :account_id, null: false, index: { unique: true }
    t.string :private_key
  end
  create_table "users", force: :cascade do |t|
    t.bigint :account_id, null: false, index: { unique: true }
    t.string :otp_secret
  end
  create_table("visits", force: :cascade) { |t| t.string :host; t.string :run_by; t.timestamps }
  create_table "uploads", force: :cascade do |t|
    t.string :name, null: false, index: { unique: true }
    t.integer :seen_bytes
    t.string :seen_digest
    t.string :run_by
    t.timestamps
  end
  create_table "oauth_access_tokens", force: :cascade do |t|
    t.string :token, null: false, index: { unique: true }
    t.datetime :revoked_at
    t.timestamps
  end
  create_table("ticks", force: :cascade) { |t| t.string :scheduled_by; t.string :run_by; t.timestamps }
end
